import CSupport
import Processes
import Storage
import Tasks
import Time

/// The program's version, as `--version` prints it.
let version = "0.1.0"

/// What every command finds around it: the environment, the folder that it was called in, and the home.
struct Surroundings {
    let environment: [String: String]
    let currentFolder: String
    let home: Home
    let disk = SystemDisk()

    /// Reads them from the process; the home is made if it is not there.
    static func find() throws -> Surroundings {
        let environment = currentEnvironment()
        let folder = getcwd(nil, 0).map { buffer in
            defer { free(buffer) }
            return String(cString: buffer)
        }
        guard let folder else {
            throw Failure(.failed, "the current folder cannot be read: change to one that exists.")
        }
        let home = try Home(environment: environment, currentFolder: folder)
        let found = Surroundings(environment: environment, currentFolder: folder, home: home)
        try home.prepare(in: found.disk)
        return found
    }

    /// The tasks of this home.
    var registry: TaskRegistry { TaskRegistry(home: home, disk: disk, bootID: SystemClock.bootID()) }

    /// A path as the caller meant it.
    func absolute(_ path: String) -> String {
        if path == "~" || path.hasPrefix("~/"), let user = environment["HOME"] { return user + path.dropFirst() }
        return absolutePath(path, in: currentFolder)
    }
}
