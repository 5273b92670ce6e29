import Notation
import Storage

/// `context.state`: JSON values by name that outlive the worker. Saved whole, after each job that changed it.
struct StateFile {
    private let path: String?
    private let disk: any FileStore
    private var values: [String: JSON] = [:]
    private var isChanged = false

    /// Reads the file (without a path the values live in memory only); one that is there and cannot be understood is an error, for guessing would lose it.
    init(path: String?, disk: any FileStore) throws {
        self.path = path
        self.disk = disk
        guard let path, let bytes = try disk.readFile(path) else { return }
        let json: JSON
        do throws(JSONError) { json = try JSON(parsing: bytes) } catch { throw Damage(path: path, reason: "\(error)") }
        guard let members = json.members else { throw Damage(path: path, reason: "it holds no JSON object") }
        for member in members { values[member.name] = member.value }
        // The worker before may have died after its rename and before its flush: what is told here stays.
        try disk.flushFolder(parentFolder(of: path))
    }

    subscript(name: String) -> JSON? {
        get { values[name] }
        set {
            guard values[name] != newValue else { return }
            values[name] = newValue
            isChanged = true
        }
    }

    /// Writes the values if one has changed since they were last written.
    mutating func save() throws(DiskError) {
        guard isChanged, let path else { return }
        let members = values.sorted { $0.key < $1.key }.map { JSON.Member($0.key, $0.value) }
        var bytes: [UInt8] = []
        JSON.object(members).append(to: &bytes)
        bytes.append(UInt8(ascii: "\n"))
        try disk.replaceFile(path, with: bytes, durable: true)
        isChanged = false
    }

    /// A state file that is not one.
    struct Damage: Error, CustomStringConvertible {
        let path: String
        let reason: String

        var description: String {
            "The strategy's state in \(path) cannot be read: \(reason). Mend the file, or move it away to begin without."
        }
    }
}
