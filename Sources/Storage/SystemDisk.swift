import CSupport

/// The disk of this machine.
public final class SystemDisk: FileStore, Sendable {
    /// The real disk; it has no state of its own.
    public init() {}

    /// `open(2)`, kept from programs that are started.
    public func open(_ path: String, _ mode: OpenMode) throws(DiskError) -> OpenFile {
        let flags =
            switch mode {
            case .read: O_RDONLY
            case .append: O_RDWR | O_APPEND
            case .appendOrCreate, .appendOrCreateForAll: O_RDWR | O_APPEND | O_CREAT
            case .createNew, .createNewForAll: O_RDWR | O_APPEND | O_CREAT | O_EXCL
            }
        let rights: mode_t = mode == .appendOrCreateForAll || mode == .createNewForAll ? 0o666 : 0o600
        return OpenFile(token: try check(.open, path) { cs_open(path, flags | O_CLOEXEC, rights) }, path: path)
    }

    /// `close(2)`.
    public func close(_ file: OpenFile) { _ = CSupport.close(file.token) }

    /// `fstat(2)`.
    public func size(of file: OpenFile) throws(DiskError) -> Int { try identity(of: file).size }

    /// `pread(2)`, again until all is there.
    public func read(_ file: OpenFile, at offset: Int, count: Int) throws(DiskError) -> [UInt8] {
        var failure: DiskError?
        let bytes = [UInt8](unsafeUninitializedCapacity: max(count, 0)) { buffer, filled in
            while filled < buffer.count {
                let rest = UnsafeMutableBufferPointer(rebasing: buffer[filled...])
                let got = pread(file.token, rest.baseAddress, rest.count, off_t(offset + filled))
                if got < 0 && cs_errno() == EINTR { continue }
                if got < 0 { failure = DiskError(.read, file.path, code: cs_errno()) }
                if got <= 0 { return }
                filled += got
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// `write(2)` on a file opened with O_APPEND.
    public func append(_ bytes: [UInt8], to file: OpenFile) throws(DiskError) -> Int {
        try check(.append, file.path) { write(file.token, bytes, bytes.count) }
    }

    /// `ftruncate(2)`.
    public func truncate(_ file: OpenFile, to size: Int) throws(DiskError) {
        _ = try check(.truncate, file.path) { ftruncate(file.token, off_t(size)) }
    }

    /// `fdatasync(2)`, or `fsync(2)` on macOS.
    public func flush(_ file: OpenFile) throws(DiskError) {
        _ = try check(.flush, file.path) { cs_flush(file.token) }
    }

    /// `rename(2)`.
    public func rename(_ path: String, to newPath: String) throws(DiskError) {
        _ = try check(.rename, path) { CSupport.rename(path, newPath) }
    }

    /// `remove(3)`.
    public func remove(_ path: String) throws(DiskError) {
        _ = try check(.remove, path) { CSupport.remove(path) }
    }

    /// `mkdir(2)`.
    public func makeOneFolder(_ path: String) throws(DiskError) {
        _ = try check(.makeFolder, path) { mkdir(path, 0o700) }
    }

    /// `readdir(3)`, without `.` and `..`.
    public func list(_ folder: String) throws(DiskError) -> [String] {
        guard let stream = opendir(folder) else { throw DiskError(.list, folder, code: cs_errno()) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            // The name lies in a C array inside the entry.
            let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
                String(cString: UnsafeRawPointer(field).assumingMemoryBound(to: CChar.self))
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// `fsync(2)` on the folder.
    public func flushFolder(_ folder: String) throws(DiskError) {
        let descriptor = try check(.flushFolder, folder) { cs_open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0) }
        defer { _ = CSupport.close(descriptor) }
        // Some network file systems have no flush for folders and say so: there is nothing more to be done there.
        guard fsync(descriptor) != 0, cs_errno() != EINVAL, cs_errno() != ENOTSUP else { return }
        throw DiskError(.flushFolder, folder, code: cs_errno())
    }

    /// `stat(2)`: a symbolic link is what it points to.
    public func identity(of path: String) throws(DiskError) -> FileIdentity? {
        var about = stat()
        guard stat(path, &about) != 0 else { return FileIdentity(about) }
        if cs_errno() == ENOENT || cs_errno() == ENOTDIR { return nil }
        throw DiskError(.identify, path, code: cs_errno())
    }

    /// `fstat(2)`.
    public func identity(of file: OpenFile) throws(DiskError) -> FileIdentity {
        var about = stat()
        guard fstat(file.token, &about) == 0 else { throw DiskError(.identify, file.path, code: cs_errno()) }
        return FileIdentity(about)
    }

    /// `flock(2)`, which conflicts between any two openings, in one process too.
    public func tryLock(_ file: OpenFile) throws(DiskError) -> Bool {
        do {
            _ = try check(.lock, file.path) { flock(file.token, LOCK_EX | LOCK_NB) }
            return true
        } catch {
            if error.code == EWOULDBLOCK { return false }
            throw error
        }
    }

    /// `flock(2)`.
    public func unlock(_ file: OpenFile) throws(DiskError) {
        _ = try check(.unlock, file.path) { flock(file.token, LOCK_UN) }
    }

    /// `statfs(2)`.
    public func isLocal(_ path: String) -> Bool { cs_is_local(path) }

    /// Calls the system, again if a signal came between, and turns its -1 into an error.
    private func check<Result: SignedInteger>(
        _ operation: DiskOperation, _ path: String, _ call: () -> Result
    ) throws(DiskError) -> Result {
        while true {
            let result = call()
            if result >= 0 { return result }
            if cs_errno() != EINTR { throw DiskError(operation, path, code: cs_errno()) }
        }
    }
}

extension FileIdentity {
    init(_ about: stat) {
        var about = about
        self.init(
            device: UInt64(truncatingIfNeeded: about.st_dev), inode: UInt64(truncatingIfNeeded: about.st_ino),
            size: Int(about.st_size), modified: cs_modified(&about), changed: cs_changed(&about),
            isFolder: cs_is_folder(&about))
    }
}
