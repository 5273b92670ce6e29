/// The disk, as everything that must survive sees it: one method, one operation of the system.
///
/// `SystemDisk` is the real one; tests put a simulated disk in its place, which crashes, fills up and forgets what was
/// not flushed. All paths are absolute. Bytes are only ever added at a file's end, for nothing here needs more.
public protocol FileStore: AnyObject {
    /// Opens a file; what is made is its owner's alone (0600), unless the mode says otherwise.
    func open(_ path: String, _ mode: OpenMode) throws(DiskError) -> OpenFile
    /// Closes a file, and so drops its lock.
    func close(_ file: OpenFile)
    /// The length of a file in bytes.
    func size(of file: OpenFile) throws(DiskError) -> Int
    /// Up to `count` bytes from an offset on; fewer only if the file ends there.
    func read(_ file: OpenFile, at offset: Int, count: Int) throws(DiskError) -> [UInt8]
    /// Adds bytes at the end in one write and tells how many were taken: it may be fewer than were given.
    func append(_ bytes: [UInt8], to file: OpenFile) throws(DiskError) -> Int
    /// Cuts a file to this length.
    func truncate(_ file: OpenFile, to size: Int) throws(DiskError)
    /// Returns when the content of a file would survive a power cut.
    func flush(_ file: OpenFile) throws(DiskError)
    /// Gives a file another name in one step; what had that name is gone.
    func rename(_ path: String, to newPath: String) throws(DiskError)
    /// Removes a file, or a folder that is empty.
    func remove(_ path: String) throws(DiskError)
    /// Makes one folder (0700), whose parent exists.
    func makeOneFolder(_ path: String) throws(DiskError)
    /// The names in a folder, in order.
    func list(_ folder: String) throws(DiskError) -> [String]
    /// Returns when the names in a folder would survive a power cut.
    func flushFolder(_ folder: String) throws(DiskError)
    /// What stands under a path, or nil if nothing does.
    func identity(of path: String) throws(DiskError) -> FileIdentity?
    /// What this open file is, whatever its path names by now.
    func identity(of file: OpenFile) throws(DiskError) -> FileIdentity
    /// Takes the exclusive lock of a file if nobody else has it; tries once.
    func tryLock(_ file: OpenFile) throws(DiskError) -> Bool
    /// Gives the lock of a file back.
    func unlock(_ file: OpenFile) throws(DiskError)
    /// True if a path is known to lie on a disk of this machine, where nobody writes behind the system's back.
    func isLocal(_ path: String) -> Bool
}

/// What a file is opened for. Whoever may write writes at the end.
public enum OpenMode: Sendable {
    /// Reading.
    case read
    /// Reading and writing a file that exists.
    case append
    /// Reading and writing a file that is made if it does not exist.
    case appendOrCreate
    /// Reading and writing a file that is made, for everybody whom the user's mask allows (0666), if it does not exist.
    case appendOrCreateForAll
    /// Reading and writing a file that must not exist yet.
    case createNew
    /// Reading and writing a file that must not exist yet, for everybody whom the user's mask allows (0666).
    case createNewForAll

    /// True if a file that is there already is an error.
    public var mustMake: Bool { self == .createNew || self == .createNewForAll }
}

/// An open file of a `FileStore`; only the store that gave it knows what the token means.
public struct OpenFile: Hashable, Sendable {
    /// The store's own number for it.
    public let token: Int32
    /// The path it was opened by, for messages.
    public let path: String

    /// An open file, as a store hands it out.
    public init(token: Int32, path: String) {
        self.token = token
        self.path = path
    }
}

/// What tells one file from another, and one state of it from the next.
public struct FileIdentity: Hashable, Sendable {
    /// The file system.
    public let device: UInt64
    /// The file's number there.
    public let inode: UInt64
    /// Its length in bytes.
    public let size: Int
    /// When its content last changed, in nanoseconds since 1970.
    public let modified: Int64
    /// When anything about it last changed, in nanoseconds since 1970.
    public let changed: Int64
    /// True for a folder.
    public let isFolder: Bool

    /// An identity, as a store hands it out.
    public init(device: UInt64, inode: UInt64, size: Int, modified: Int64, changed: Int64, isFolder: Bool) {
        self.device = device
        self.inode = inode
        self.size = size
        self.modified = modified
        self.changed = changed
        self.isFolder = isFolder
    }

    /// True if both are the same file, however much it has grown in between.
    public func isSameFile(as other: FileIdentity) -> Bool { device == other.device && inode == other.inode }
}
