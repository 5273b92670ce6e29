import Gates
import Market
import Storage
import Time

/// Adds rows to the order files, so that afterwards it is known whether they left: one write of whole lines under the
/// file's own lock, then one flush outside of it.
final class OrderWriter {
    private let files: FolderFiles
    private let log: GateLog
    private let lineEnd: String
    /// Called with the bytes of a line that somebody who died left half written, once they are cut off.
    private let onCut: (_ path: String, [UInt8]) -> Void
    /// A tail without line end, and since when it has been as it is.
    private var tail: (path: String, bytes: [UInt8], size: Int, since: TimeSpan)?
    /// The files whose names are known to be safe, by their numbers.
    private var flushedNames: [String: UInt64] = [:]
    /// How far the disk's clock is ahead of ours.
    private(set) var skew = TimeSpan.zero

    /// A tail that has not changed for so long is nobody's any more.
    private static let abandonedAfter = TimeSpan.seconds(1)
    private static let longestHeader = 8 << 10

    private var disk: any FileStore { files.disk }
    private var clock: any MarketClock { files.clock }

    init(files: FolderFiles, log: GateLog, lineEnd: String, onCut: @escaping (String, [UInt8]) -> Void) {
        self.files = files
        self.log = log
        self.lineEnd = lineEnd
        self.onCut = onCut
    }

    /// Adds rows. `rows` gets the file's columns, under the lock, and may still refuse.
    func add(
        to path: String, _ layout: FileLayout, rows: ([Field?]) throws(Refusal) -> [UInt8]
    ) -> Submission {
        do throws(Refusal) {
            var file = try files.hold(path)
            defer { disk.close(file.file) }
            try cutTornTail(of: &file)
            let (columns, header) = try self.columns(of: file, layout)
            let bytes = try header + rows(columns)
            let written = append(bytes, to: file)
            if file.isLocked { try? disk.unlock(file.file) }
            guard case .sent = written else { return written }
            return flushed(file)
        } catch {
            return .refused(error.reason)
        }
    }

    /// Makes the file with its header, if it is not there and nobody has it locked: from here on it can be proved what
    /// was written to it.
    func prepare(_ path: String, _ layout: FileLayout) {
        guard layout.hasHeader, (try? disk.identity(of: path)) == FileIdentity?.none else { return }
        _ = try? files.hold(path, waits: false).start(headerLine(layout), disk)
    }

    // MARK: The write

    private func append(_ bytes: [UInt8], to file: HeldFile) -> Submission {
        let path = file.file.path
        do {
            let taken = try disk.append(bytes, to: file.file)
            if taken < bytes.count {
                return takenBack(taken, of: bytes, file, because: "\(path) took only \(taken) of \(bytes.count) bytes")
            }
        } catch {
            return takenBack(nil, of: bytes, file, because: "\(error)")
        }
        return isThere(bytes, file) ? .sent : .unknown("\(path) does not show what was written to it")
    }

    /// After a write that failed. Without a byte of ours in the file it is refused; a part is cut off again if nobody has
    /// written behind it; anything else cannot be told.
    private func takenBack(_ taken: Int?, of bytes: [UInt8], _ file: HeldFile, because reason: String) -> Submission {
        do {
            let size = try disk.size(of: file.file)
            if size == file.size { return .refused(reason) }
            let part = try disk.read(file.file, at: file.size, count: bytes.count + 1)
            guard file.isLocked, part.count < bytes.count, size == file.size + part.count, bytes.starts(with: part),
                taken == nil || taken == part.count
            else { return .unknown("\(reason), and others have written to it since") }
            try disk.truncate(file.file, to: file.size)
            guard try disk.size(of: file.file) == file.size else { return .unknown("\(reason), and it did not shrink") }
            // A whole line may have been read before it was taken back.
            if part.contains(UInt8(ascii: "\n")) {
                return .unknown("\(reason), and what stood there may have been read")
            }
            return .refused("\(reason); they were taken back")
        } catch {
            return .unknown("\(reason), and then \(error)")
        }
    }

    /// True if the bytes stand where they must. Where locks do nothing, somebody may have written in between.
    private func isThere(_ bytes: [UInt8], _ file: HeldFile) -> Bool {
        do {
            if try disk.read(file.file, at: file.size, count: bytes.count) == bytes { return true }
            let size = try disk.size(of: file.file)
            let since = try disk.read(file.file, at: file.size, count: size - file.size)
            var start = 0
            while start + bytes.count <= since.count {
                if since[start...].starts(with: bytes) {
                    log.change(
                        "shared \(file.file.path)", .warn,
                        "another program wrote to \(file.file.path) while we held its lock: locks do not hold in this folder."
                    )
                    return true
                }
                guard let newline = since[start...].firstIndex(of: UInt8(ascii: "\n")) else { return false }
                start = newline + 1
            }
            return false
        } catch {
            return false
        }
    }

    private func flushed(_ file: HeldFile) -> Submission {
        do {
            try disk.flush(file.file)
            let identity = try disk.identity(of: file.file)
            skew = Instant(nanoseconds: identity.modified) - clock.now
            try flushName(of: identity, file.file.path)
            return .sent
        } catch {
            return .unknown("it was written, but then: \(error)")
        }
    }

    /// A new file may be gone after a power cut, however well its content was flushed, until its folder is.
    private func flushName(of identity: FileIdentity, _ path: String) throws(DiskError) {
        if flushedNames[path] == identity.inode { return }
        try disk.flushFolder(parentFolder(of: path))
        flushedNames[path] = identity.inode
    }

    // MARK: What was there before

    private func headerLine(_ layout: FileLayout) -> [UInt8] { Array((layout.header + lineEnd).utf8) }

    /// The file's columns in their order, and the header if it is still to be written.
    private func columns(of file: HeldFile, _ layout: FileLayout) throws(Refusal) -> ([Field?], [UInt8]) {
        let standard = layout.columns.map(\.field)
        if !layout.hasHeader { return (standard, []) }
        if file.size == 0 { return (standard, headerLine(layout)) }
        let bytes = try files.attempt { () throws(DiskError) in
            try disk.read(file.file, at: 0, count: min(file.size, Self.longestHeader))
        }
        if bytes.starts(with: headerLine(layout)) { return (standard, []) }
        var line = CSVLine()
        line.look(at: bytes)
        var columns: [Field?]?
        _ = forEachLine(in: bytes) { range in
            if range.isEmpty { return true }
            line.split(range)
            columns = ColumnMap.fields(of: line, layout)
            return false
        }
        guard let columns, layout.columns.allSatisfy({ $0.field == nil || columns.contains($0.field) }) else {
            throw Refusal(
                "the first line of \(file.file.path) does not name the columns \(layout.header): nothing is written there"
            )
        }
        return (columns, [])
    }

    /// A last line without its end was left by somebody who died in the middle of it. It must not be completed, for it
    /// might become an order that nobody gave: once it has not changed for a second, it is cut off.
    private func cutTornTail(of file: inout HeldFile) throws(Refusal) {
        let path = file.file.path
        while true {
            let size = file.size
            let bytes = try files.attempt { () throws(DiskError) in try files.tornTail(file.file, size: size) }
            if bytes.isEmpty {
                tail = nil
                return log.settle("tail \(path)")
            }
            if tail?.path != path || tail?.size != size || tail?.bytes != bytes {
                tail = (path, bytes, size, clock.elapsed)
            }
            guard file.isLocked else {
                throw unusable(path, bytes, "without a lock it cannot be cut off")
            }
            if let tail, clock.elapsed - tail.since >= Self.abandonedAfter {
                try cut(bytes, from: &file)
                continue
            }
            guard files.pause() else {
                throw Refusal("the last line of \(path) has no end yet: somebody is writing it, or died writing it")
            }
            file.size = try files.attempt { () throws(DiskError) in try disk.size(of: file.file) }
        }
    }

    private func cut(_ bytes: [UInt8], from file: inout HeldFile) throws(Refusal) {
        let path = file.file.path
        let rest = file.size - bytes.count
        do {
            try disk.truncate(file.file, to: rest)
            file.size = try disk.size(of: file.file)
        } catch {
            throw unusable(path, bytes, "it cannot be cut off: \(error)")
        }
        guard file.size == rest else { throw unusable(path, bytes, "it cannot be cut off") }
        log.say(.warn, "the last line of \(path) was left without its end and has been cut off: \(shown(bytes))")
        onCut(path, bytes)
    }

    private func unusable(_ path: String, _ bytes: [UInt8], _ reason: String) -> Refusal {
        log.change(
            "tail \(path)", .error,
            "the last line of \(path) has no end, and \(reason). No order can be sent until it is mended: \(shown(bytes))"
        )
        return Refusal("the last line of \(path) has no end, and \(reason)")
    }
}

extension HeldFile {
    /// Writes the header of a file that is still empty, and lets it go.
    fileprivate func start(_ header: [UInt8], _ disk: any FileStore) throws {
        defer { disk.close(file) }
        if size == 0 { _ = try disk.append(header, to: file) }
    }
}
