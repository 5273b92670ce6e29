import CSupport
import Storage

/// A file that the user asked for by an option: others may read it as far as the user's mask allows.
enum OutputFile {
    /// A command may take long: that its outcome cannot be written is said before it.
    static func check(_ path: String) throws {
        var about = stat()
        if stat(path, &about) == 0 {
            if cs_is_folder(&about) { throw Failure(.failed, "\(path) is a folder: name a file in it.") }
            // A file is put in its place whole, and nobody wants that to happen to /dev/null.
            if !cs_is_regular(&about) {
                throw Failure(.failed, "\(path) is no file but a device or a pipe: name a file.")
            }
        }
        let folder = parentFolder(of: path)
        guard access(folder, W_OK) == 0 else {
            throw Failure(
                .failed, "\(path) cannot be written: there is no folder \(folder), or you may not write in it.")
        }
    }

    /// Writes it whole, in place of the one before.
    static func write(_ text: String, to path: String, _ disk: any FileStore) throws(DiskError) {
        try disk.replaceFile(path, with: Array(text.utf8), durable: false, forAll: true)
    }
}
