/// Why a journal cannot be read or written.
public struct JournalError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The journal's file.
    public let path: String
    /// What is wrong with it.
    public let reason: Reason

    /// What can be wrong with a journal.
    public enum Reason: Hashable, Sendable {
        /// The disk refused; nothing of what was to be written is in the journal.
        case disk(DiskError)
        /// A record at this offset is damaged, and sound ones follow it: this was no crash.
        case damaged(offset: Int)
        /// The file is not a journal, or one of another version.
        case foreign
        /// A payload of so many bytes is too long for a record.
        case tooLong(Int)
        /// This write failed and may have left a part of itself, or content may not have reached the disk.
        case broken(DiskError)
    }

    /// What was wrong, where, and what to do.
    public var description: String {
        switch reason {
        case .disk(let error): "the journal was not written or read: \(error)"
        case .damaged(let offset):
            "the journal \(path) is damaged at byte \(offset), before sound records; "
                + "restore it from a copy, or move it away if its content is known otherwise"
        case .foreign:
            "\(path) is not a journal that this version of jqtrade can read; move it away or use the version that wrote it"
        case .tooLong(let count): "a record of \(count) bytes is too long for the journal \(path)"
        case .broken(let error):
            "the journal \(path) takes no more records since a write to it failed (\(error)); "
                + "put the disk right and start the task again"
        }
    }
}
