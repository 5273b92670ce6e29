import CSupport

// Whole files and folders, put together from the single operations.

extension FileStore {
    /// The content of a file, or nil if there is none. One longer than `limit` bytes is refused: it is not ours.
    public func readFile(_ path: String, limit: Int = 64 << 20) throws(DiskError) -> [UInt8]? {
        let file: OpenFile
        do {
            file = try open(path, .read)
        } catch {
            if error.isAbsent { return nil }
            throw error
        }
        defer { close(file) }
        let size = try size(of: file)
        if size > limit { throw DiskError(.read, path, code: EFBIG) }
        return try read(file, at: 0, count: size)
    }

    /// Puts a file with this content under a path in one step: a reader, or a start after the death of any process,
    /// finds the old content or the new, never a part. With `durable` that holds after a power cut, too, and the new
    /// one survives it from here on; without, the file may be empty then: right for what is derived from elsewhere. It is
    /// its owner's alone (0600), unless it is `forAll` whom the user's mask allows.
    public func replaceFile(
        _ path: String, with bytes: [UInt8], durable: Bool, forAll: Bool = false
    ) throws(DiskError) {
        let temporary = try openTemporary(beside: path, forAll ? .createNewForAll : .createNew)
        do {
            defer { close(temporary) }
            try appendWhole(bytes, to: temporary)
            // Without this flush the rename might outlive the content.
            if durable { try flush(temporary) }
            try rename(temporary.path, to: path)
        } catch {
            try? remove(temporary.path)
            throw error
        }
        if durable { try flushFolder(parentFolder(of: path)) }
    }

    /// Adds bytes at a file's end in as many writes as it takes.
    public func appendWhole(_ bytes: [UInt8], to file: OpenFile) throws(DiskError) {
        var rest = bytes
        while !rest.isEmpty {
            let taken = try append(rest, to: file)
            if taken == 0 { throw DiskError(.append, file.path, code: ENOSPC) }
            rest.removeFirst(min(taken, rest.count))
        }
    }

    /// Makes a folder and the parents it lacks, all of which survive a power cut from here on.
    public func makeFolder(_ path: String) throws(DiskError) {
        if let there = try identity(of: path) {
            if !there.isFolder { throw DiskError(.makeFolder, path, code: EEXIST) }
            return try keepName(of: path)
        }
        let parent = parentFolder(of: path)
        if parent != path { try makeFolder(parent) }
        do {
            try makeOneFolder(path)
        } catch {
            // Somebody else may have made it just now.
            guard error.code == EEXIST, try identity(of: path)?.isFolder == true else { throw error }
        }
        try flushFolder(parent)
    }

    /// Whoever made this folder may have died before its name was safe. A parent that may not be read is not ours.
    private func keepName(of folder: String) throws(DiskError) {
        do {
            try flushFolder(parentFolder(of: folder))
        } catch {
            if error.code != EACCES { throw error }
        }
    }

    /// A new file beside this one under a name that no other process or unfinished replacement uses.
    private func openTemporary(beside path: String, _ mode: OpenMode) throws(DiskError) -> OpenFile {
        for attempt in 0..<1000 {
            do {
                return try open("\(path).\(getpid())-\(attempt).new", mode)
            } catch {
                if error.code != EEXIST { throw error }
            }
        }
        throw DiskError(.open, path, code: EEXIST)
    }
}

/// The folder that a file or folder lies in: `/a/b` for `/a/b/c`, `/` for `/a` and for itself.
public func parentFolder(of path: String) -> String {
    let parts = path.split(separator: "/")
    let parent = parts.dropLast().joined(separator: "/")
    return path.hasPrefix("/") ? "/" + parent : parent.isEmpty ? "." : parent
}
