import CSupport

/// A file of this machine's disk as memory that is only read: who maps the same file shares the same pages.
///
/// For files of our own, which are put in place whole and never cut: a file that shrinks while it is mapped takes the
/// program down.
public final class MappedFile: @unchecked Sendable {
    /// What stands in the file.
    public let bytes: UnsafeRawBufferPointer

    /// Maps a file as it is now.
    public init(_ path: String) throws(DiskError) {
        let disk = SystemDisk()
        let file = try disk.open(path, .read)
        defer { disk.close(file) }
        let size = try disk.size(of: file)
        guard size > 0 else {
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        // MAP_FAILED is a cast and so is not imported: it is the address -1.
        guard let memory = mmap(nil, size, PROT_READ, MAP_SHARED, file.token, 0), Int(bitPattern: memory) != -1 else {
            throw DiskError(.read, path, code: cs_errno())
        }
        bytes = UnsafeRawBufferPointer(start: memory, count: size)
    }

    deinit {
        if let memory = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: memory), bytes.count) }
    }
}
