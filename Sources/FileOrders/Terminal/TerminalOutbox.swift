import Market
import Simulation
import Storage

/// What a terminal has to write into its folder, and the ways in which that goes wrong. Nothing that the disk refuses is
/// lost: it is written next time.
struct TerminalOutbox {
    private struct Stream {
        /// Begun, or to be written in one go: it comes before any line.
        var rest: [UInt8] = []
        var restDue = Instant(nanoseconds: 0)
        var lines: [(due: Instant, bytes: [UInt8])] = []
        var isBegun = false
    }

    private let store: any FileStore
    private let faults: TerminalFaults
    private let claim: TerminalClaim?
    private var streams: [String: Stream] = [:]

    /// The longest that something torn, cut or out of order stays so.
    private static let longest: Int64 = 3_000

    /// With a claim, nothing is written that does not stand in it first.
    init(_ store: any FileStore, _ faults: TerminalFaults, _ claim: TerminalClaim? = nil) {
        self.store = store
        self.faults = faults
        self.claim = claim
    }

    /// Appends a line when it is due.
    mutating func add(
        _ line: [UInt8], to path: String, header: [UInt8], due: Instant, _ random: inout SeededRandom
    ) {
        if streams[path]?.isBegun != true { begin(path, with: header, due) }
        let copies = faults.happens(.duplicate, &random) ? 2 : 1
        for _ in 0..<copies {
            let late = faults.happens(.disorder, &random) ? random.milliseconds(1...Self.longest) : .zero
            streams[path]?.lines.append((due + late, line))
        }
    }

    /// Makes sure that the file is there and begins, or goes on, with a header. A line that an earlier run left without
    /// its end gets one, or is run into by the header. A file that holds half a header and nothing else is begun anew; one
    /// that begins with anything else was written by others, and nothing of it is taken away.
    mutating func resume(_ path: String, header: [UInt8], now: Instant, _ random: inout SeededRandom) throws(DiskError)
    {
        let file = try open(path)
        defer { store.close(file) }
        let start = try store.read(file, at: 0, count: header.count)
        if start.count < header.count, header.starts(with: start) { try store.truncate(file, to: 0) }
        let size = try store.size(of: file)
        let last = try store.read(file, at: max(size - 1, 0), count: 1)
        let isTorn = !last.isEmpty && last != [UInt8(ascii: "\n")]
        let endsLine = isTorn && (header.isEmpty || Bool.random(using: &random))
        begin(path, with: endsLine ? [UInt8(ascii: "\n")] + header : header, now)
    }

    private mutating func begin(_ path: String, with header: [UInt8], _ due: Instant) {
        streams[path, default: Stream()].isBegun = true
        if !header.isEmpty { streams[path]?.lines.append((due, header)) }
    }

    /// Cuts a file to nothing; its content comes after a while.
    mutating func rewrite(
        _ path: String, _ content: [UInt8], now: Instant, _ random: inout SeededRandom
    ) throws(DiskError) {
        let file = try open(path)
        defer { store.close(file) }
        try store.truncate(file, to: 0)
        streams[path, default: Stream()].rest = content
        streams[path]?.restDue = now + random.milliseconds(1...50)
    }

    /// The ways in which a growing file can change under its readers' hands.
    mutating func disturb(_ path: String, now: Instant, _ random: inout SeededRandom) throws(DiskError) {
        let (cuts, replaces) = (faults.happens(.truncate, &random), faults.happens(.rotate, &random))
        guard cuts || replaces, let content = try store.readFile(path) else { return }
        if cuts {
            try rewrite(path, content + (streams[path]?.rest ?? []), now: now, &random)
        } else {
            try claim?.announce(path, anew: true)
            try store.replaceFile(path, with: content, durable: false)
            if let identity = try store.identity(of: path) { try claim?.take(path, identity) }
        }
    }

    /// Writes what is due, and says when something is due again.
    mutating func write(now: Instant, _ random: inout SeededRandom) throws(DiskError) -> Instant? {
        for path in streams.keys.sorted() {
            guard var stream = streams[path], stream.rest.isEmpty || stream.restDue <= now else { continue }
            var ready = stream.rest
            stream.lines.sort { $0.due < $1.due }
            for line in stream.lines.prefix(while: { $0.due <= now }) { ready += line.bytes }
            stream.lines.removeAll { $0.due <= now }
            if ready.isEmpty { continue }
            stream.rest = ready
            stream.restDue = now
            streams[path] = stream
            var count = ready.count
            if count > 1, faults.happens(.torn, &random) {
                count = Int.random(in: 1..<count, using: &random)
                streams[path]?.restDue = now + random.milliseconds(100...Self.longest)
            }
            try append(count, to: path)
        }
        return streams.values.compactMap { stream in
            let line = stream.lines.map(\.due).min()
            return stream.rest.isEmpty ? line : stream.restDue
        }.min()
    }

    private mutating func append(_ count: Int, to path: String) throws(DiskError) {
        guard let rest = streams[path]?.rest else { return }
        let file = try open(path)
        defer { store.close(file) }
        let taken = try store.append(Array(rest.prefix(count)), to: file)
        streams[path]?.rest.removeFirst(min(taken, rest.count))
    }

    private func open(_ path: String) throws(DiskError) -> OpenFile {
        try claim?.announce(path)
        let file = try store.open(path, .appendOrCreateForAll)
        if let claim { try claim.take(path, store.identity(of: file)) }
        return file
    }
}
