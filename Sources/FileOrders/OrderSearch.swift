import Storage

/// What a search through a file found.
struct SearchResult {
    /// The numbers that were looked for and stand in whole lines.
    var numbers: Set<UInt64> = []
    /// Those that stand behind the last line end: somebody has begun to write them.
    var tailNumbers: Set<UInt64> = []
    /// The file; nil if there is none.
    var identity: FileIdentity?
    /// What stands behind its last line end.
    var tail: [UInt8] = []
}

/// Looks for numbers in a file, in whatever column they may stand: a search that must not miss one trusts no header.
func searchFile(
    _ path: String, _ disk: any FileStore, _ isSought: (UInt64) -> Bool
) throws(DiskError) -> SearchResult {
    var result = SearchResult()
    var reader = TailReader(path)
    var line = CSVLine()
    func sought(in range: Range<Int>) -> [UInt64] {
        line.split(range)
        return line.fields.indices.compactMap { digitsOnly(line[$0]) }.filter(isSought)
    }
    _ = try reader.read(from: disk) { bytes, _ in
        line.look(at: bytes)
        return forEachLine(in: bytes) { range in
            result.numbers.formUnion(sought(in: range))
            return true
        }
    }
    result.identity = reader.seen
    guard let size = reader.seen?.size, size > reader.offset else { return result }
    let file = try disk.open(path, .read)
    defer { disk.close(file) }
    result.tail = try disk.read(file, at: reader.offset, count: min(size - reader.offset, TailReader.chunk))
    line.look(at: result.tail)
    result.tailNumbers = Set(sought(in: result.tail.indices))
    return result
}
