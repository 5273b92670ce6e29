import Market
import Storage

/// A CSV file that another program keeps appending to, or the folder of a recorder: the last of its files by name, and
/// the next one once that is there.
public final class FollowFeed: MarketFeed {
    /// What it is, in words.
    public let summary: String
    /// The length of its bars that was named, or that those in the file at the start have; nil for ticks, and if there
    /// was nothing.
    public var unit: BarUnit? { rows.unit }
    /// It goes on.
    public var span: ClosedRange<Instant>? { nil }

    private let path: String
    private let named: BarUnit?
    private let disk: any FileStore
    private let hours: MarketHours
    private var rows: LiveRows
    private var tail: TailReader?
    /// True until what stood in the file at the start has been passed over.
    private var isBaseline = true
    private var nextLook: Instant
    private var lastTrouble: String?
    /// True once it has been said that there is nothing to follow yet.
    private var isAwaited = false

    /// New rows are looked for so often.
    private static let pace = TimeSpan.milliseconds(100)
    /// So many recorded files are looked through for history.
    private static let mostFiles = 20

    /// Follows a file or a folder, which need not be there yet; of bars of this length, if it is known.
    public init(path: String, unit: BarUnit? = nil, desk: FeedDesk) {
        self.path = desk.absolutePath(path)
        named = unit
        disk = desk.disk
        hours = desk.hours
        nextLook = desk.now
        summary = "follow:\(path)"
        let newest = RecordedFiles(self.path, desk.disk).newest
        let found = unit ?? newest.flatMap { RecordedFiles.unit(of: $0, desk.disk, desk.hours) }
        rows = LiveRows(unit: found, hours: desk.hours)
    }

    /// Its rows from now on: what stands in the file already is history.
    public func add(_ security: Security, as number: Int, now: Instant) {
        rows.add(security, as: number, now: now)
        if isBaseline { look(now) }
        isBaseline = false
    }

    /// When to look again, or when the next row is due.
    public var nextTime: Instant? { min(rows.nextTime ?? nextLook, nextLook) }

    /// The next new row.
    public func next(upTo now: Instant) -> MarketEvent? {
        if now >= nextLook || nextLook > now + Self.pace {
            look(now)
            nextLook = now + Self.pace
        }
        return rows.next(upTo: now)
    }

    /// The bars in the file, and in those that were recorded before it.
    public func history(_ security: Security, _ unit: BarUnit, count: Int, upTo now: Instant) -> [MarketBar] {
        var files: [[MarketBar]] = []
        var missing = count
        for file in RecordedFiles(path, disk).all.suffix(Self.mostFiles).reversed() where missing > 0 {
            let bars = RecordedFiles.bars(
                of: security, in: file, disk, hours, unit, of: named, count: missing, upTo: now)
            files.append(bars)
            missing -= bars.count
        }
        return Array(files.reversed().joined())
    }

    /// What was wrong.
    public func takeProblems() -> [String] { rows.takeProblems() }
    /// Nothing is held open.
    public func close() {}

    /// Reads what is new; when the next file is there, the rest of the last one first.
    private func look(_ now: Instant) {
        read(now)
        guard let newest = RecordedFiles(path, disk).newest else { return sayThatItIsAwaited() }
        if newest == tail?.path { return }
        if isAwaited { rows.say("\(newest) is there now, and followed") }
        isAwaited = false
        // Its last rows may have come since.
        read(now)
        tail = TailReader(newest)
        rows.begin(newest, mayRepeat: false)
        read(now)
    }

    /// A name that was misspelled looks just like a file that comes later.
    private func sayThatItIsAwaited() {
        guard tail == nil, !isAwaited else { return }
        isAwaited = true
        let isThere = (try? disk.identity(of: path)) ?? nil != nil
        rows.say("there is no \(isThere ? ".csv file in \(path)" : "file or folder \(path)") yet: it is waited for")
    }

    private func read(_ now: Instant) {
        guard var tail else { return }
        defer { self.tail = tail }
        do {
            var isFirst = true
            let (before, name) = (tail.offset, tail.path)
            let news = try tail.read(from: disk) { bytes, offset in
                if isFirst, offset < before { rows.begin(name, mayRepeat: true) }
                isFirst = false
                return forEachLine(in: bytes) { range in
                    rows.take(range, of: bytes, isBaseline: isBaseline, now: now)
                    return true
                }
            }
            if news != .absent { lastTrouble = nil }
        } catch {
            if error.description != lastTrouble { rows.note(error.description) }
            lastTrouble = error.description
        }
    }
}
