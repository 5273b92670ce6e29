import Notation
import Storage
import Tasks

/// The options that a task is given from outside its strategy: the home's `config.json`, the `--config` file, and
/// `--set` on the command line.
enum ConfigFiles {
    /// The members of a config file; an absent optional one has none.
    static func read(_ path: String, in disk: any FileStore, optional: Bool) throws -> [JSON.Member] {
        guard let bytes = try disk.readFile(path) else {
            if optional { return [] }
            throw Failure(.failed, "--config: \(path) is not there.")
        }
        let json: JSON
        do throws(JSONError) { json = try JSON(parsing: bytes) } catch {
            throw Failure(.failed, "\(path): \(error)")
        }
        guard let members = json.members else {
            throw Failure(.failed, "\(path) holds no JSON object: write { \"option\": value, … }.")
        }
        return members
    }

    /// `--set NAME=VALUE`: the value is JSON where it reads as JSON, else the text itself.
    static func settings(_ pairs: [(name: String, value: String)]) -> [JSON.Member] {
        pairs.map { .init($0.name, (try? JSON(parsing: $0.value)) ?? .text($0.value)) }
    }
}
