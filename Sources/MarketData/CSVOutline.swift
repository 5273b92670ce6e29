import Market
import Storage

/// What the first and the last rows of a file tell, without reading what lies between.
struct CSVOutline {
    let hasCode: Bool
    /// From the earliest to the latest of those rows; nil if there are none.
    let span: ClosedRange<Instant>?

    private static let piece = 1 << 16

    init(_ path: String, in disk: any FileStore, hours: MarketHours) throws {
        let file = try disk.open(path, .read)
        defer { disk.close(file) }
        let reader = CSVRowReader(file: path, hours: hours)
        hasCode = try CSVFile.readHeader(file, disk, reader).hasCode
        let size = try disk.size(of: file)
        let head = try disk.read(file, at: 0, count: Self.piece)
        let tail = try disk.read(file, at: max(0, size - Self.piece), count: Self.piece)
        let newline = UInt8(ascii: "\n")
        // What is wrong with a row is said when the file is read.
        func time(_ range: Range<Int>, _ bytes: [UInt8]) -> Instant? {
            (try? reader.row(range, of: bytes, line: 0)).flatMap { $0 }.map { _ in reader.values.time }
        }
        var times: [Instant?] = []
        if let start = head.firstIndex(of: newline).map({ $0 + 1 }), start < head.count {
            times.append(time(start..<(head[start...].firstIndex(of: newline) ?? head.count), head))
        }
        let end = tail.last == newline ? tail.count - 1 : tail.count
        if let start = tail[..<max(end, 0)].lastIndex(of: newline) { times.append(time(start + 1..<end, tail)) }
        let known = times.compactMap { $0 }
        span = known.min().flatMap { first in known.max().map { first...$0 } }
    }
}
