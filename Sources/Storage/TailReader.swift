import CSupport

/// Reads a file that somebody else appends to, and now and then cuts, replaces or writes anew: only whole lines, each once
/// for as long as the file stays the same one.
///
/// A file that is another one than before, or no longer holds what was read of it, is read again from its start.
public struct TailReader {
    /// The file.
    public let path: String
    /// All lines before this offset have been handed over.
    public private(set) var offset = 0
    /// True if the file is read for the first time, or again from its start.
    public var isAtStart: Bool { offset == 0 }
    /// How the file looked when it was last read to its end; nil if there was none.
    public private(set) var seen: FileIdentity?

    private var isWholeRead = false
    private var isSkipping = false
    private var first: [UInt8] = []
    private var last: [UInt8] = []

    /// So many bytes are read at a time, and no line is longer.
    public static let chunk = 1 << 20
    private static let remembered = 64

    /// What there was to read.
    public enum News: Sendable, Equatable {
        /// There is no such file.
        case absent
        /// It is as it was.
        case nothing
        /// It has been read on.
        case more
        /// It was another file, or had been cut or written anew, and has been read from its start.
        case again
    }

    /// Nothing of this file has been read.
    public init(_ path: String) { self.path = path }

    /// Hands over the whole lines that are new, a chunk at a time with the chunk's offset; a line without its end may
    /// follow them. The body answers how many bytes it has dealt with, up to the end of a line (`forEachLine` counts
    /// them); when those are not all lines, it is not called again this time.
    public mutating func read(
        from store: any FileStore, _ body: (_ bytes: [UInt8], _ offset: Int) -> Int
    ) throws(DiskError) -> News {
        guard let now = try store.identity(of: path) else {
            forget()
            return .absent
        }
        if isWholeRead, now == seen { return .nothing }
        let file: OpenFile
        do {
            file = try store.open(path, .read)
        } catch {
            if error.isAbsent { return .absent }
            throw error
        }
        defer { store.close(file) }
        let identity = try store.identity(of: file)
        let isSame = try isContinued(identity, file, store)
        let isAgain = !isSame && offset > 0
        if !isSame { forget() }
        let before = offset
        isWholeRead = try readOn(file, store, size: identity.size, body)
        seen = identity
        return isAgain ? .again : offset > before ? .more : .nothing
    }

    /// Begins at the start of the file next time.
    public mutating func forget() { self = TailReader(path) }

    private func isContinued(
        _ now: FileIdentity, _ file: OpenFile, _ store: any FileStore
    ) throws(DiskError) -> Bool {
        guard let seen else { return true }
        guard now.isSameFile(as: seen), now.size >= offset else { return false }
        guard try store.read(file, at: 0, count: first.count) == first else { return false }
        return try store.read(file, at: offset - last.count, count: last.count) == last
    }

    /// True if the file has been read to the end of its last whole line.
    private mutating func readOn(
        _ file: OpenFile, _ store: any FileStore, size: Int, _ body: ([UInt8], Int) -> Int
    ) throws(DiskError) -> Bool {
        while offset < size {
            let bytes = try store.read(file, at: offset, count: min(size - offset, Self.chunk))
            if bytes.isEmpty { return false }
            guard let end = lastNewline(in: bytes).map({ $0 + 1 }) else {
                if bytes.count < Self.chunk { return true }
                // No line is as long as this: what it is goes on to the next newline, and none of it is read.
                isSkipping = true
                commit(bytes, bytes.count)
                continue
            }
            if isSkipping {
                isSkipping = false
                commit(bytes, (newline(in: bytes, from: 0) ?? 0) + 1)
                continue
            }
            let taken = min(max(body(bytes, offset), 0), end)
            commit(bytes, taken)
            if taken < end { return false }
        }
        return true
    }

    private mutating func commit(_ bytes: [UInt8], _ count: Int) {
        if first.count < Self.remembered { first += bytes.prefix(min(count, Self.remembered - first.count)) }
        last = Array((last + bytes[max(count - Self.remembered, 0)..<count]).suffix(Self.remembered))
        offset += count
    }
}

/// Where the first `\n` from a position on stands.
func newline(in bytes: [UInt8], from start: Int) -> Int? {
    guard start < bytes.count else { return nil }
    return bytes.withUnsafeBytes { bytes in
        guard let base = bytes.baseAddress else { return nil }
        guard let found = memchr(base + start, Int32(CSVByte.newline), bytes.count - start) else { return nil }
        return UnsafeRawPointer(found) - base
    }
}

private func lastNewline(in bytes: [UInt8]) -> Int? { bytes.lastIndex(of: CSVByte.newline) }
