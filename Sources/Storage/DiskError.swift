import CSupport

/// An operation on the disk that the system refused.
public struct DiskError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was tried.
    public let operation: DiskOperation
    /// On which file or folder.
    public let path: String
    /// The system's number for what went wrong (`errno`).
    public let code: Int32

    /// An operation that failed for this reason.
    public init(_ operation: DiskOperation, _ path: String, code: Int32) {
        self.operation = operation
        self.path = path
        self.code = code
    }

    /// True if the file or folder is not there.
    public var isAbsent: Bool { code == ENOENT }
    /// True if a lock failed because the file system knows none: it always will, and does not just at this moment.
    public var saysNoLocks: Bool {
        operation == .lock && [ENOLCK, EOPNOTSUPP, ENOTSUP, ENOSYS, EINVAL].contains(code)
    }

    /// `cannot open /home/a/x: permission denied; give this user the right to it`.
    public var description: String { "cannot \(operation.words) \(path): \(reason)" }

    private var reason: String {
        switch code {
        case EACCES, EPERM: "permission denied; give this user the right to it"
        case EROFS: "the disk is mounted read-only"
        case ENOSPC: "the disk is full; free some space"
        case EDQUOT: "this user's share of the disk is used up; free some space"
        case ENOENT: "it does not exist"
        case EEXIST: "it exists already"
        case ENOTDIR: "a part of the path is a file, not a folder"
        case EISDIR: "it is a folder, not a file"
        case ENAMETOOLONG: "the name is too long for this disk"
        case EMFILE, ENFILE: "too many files are open; raise the limit (ulimit -n)"
        case EIO: "the disk reports an error; check it"
        case ENOLCK, EOPNOTSUPP: "this file system does not support it"
        default: String(cString: strerror(code))
        }
    }
}

/// The operations of a `FileStore`.
public enum DiskOperation: String, Sendable {
    case open, size, read, append, truncate, flush, rename, remove, makeFolder, list, flushFolder, identify, lock,
        unlock

    var words: String {
        switch self {
        case .size, .identify: "look at"
        case .append: "write to"
        case .makeFolder: "make the folder"
        case .flushFolder: "flush the folder"
        default: rawValue
        }
    }
}
