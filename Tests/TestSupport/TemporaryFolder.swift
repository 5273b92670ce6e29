import CSupport
import Storage

/// A folder of a test's own, gone with all that is in it when the test lets go of it.
public final class TemporaryFolder {
    /// Where it lies.
    public let path: String

    /// Makes a new folder among the system's temporary ones.
    public init() throws(DiskError) {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(base)/jqtrade-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw DiskError(.makeFolder, base, code: cs_errno()) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { Self.removeTree(path) }

    private static func removeTree(_ path: String) {
        let disk = SystemDisk()
        for name in (try? disk.list(path)) ?? [] { removeTree("\(path)/\(name)") }
        try? disk.remove(path)
    }
}
