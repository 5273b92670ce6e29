import CSupport
import Storage

/// `JQTRADE_HOME`: the one folder in which everything of one user's tasks lives, and which only that user may read.
public struct Home: Equatable, Sendable {
    /// The folder's absolute path.
    public let path: String

    /// The home of this environment, `~/jqtrade` unless `JQTRADE_HOME` names another; nothing is made yet.
    public init(environment: [String: String], currentFolder: String) throws(HomeError) {
        if let named = environment["JQTRADE_HOME"], !named.isEmpty {
            path = absolutePath(named, in: currentFolder)
        } else if let user = environment["HOME"], user.hasPrefix("/") {
            path = absolutePath("jqtrade", in: user)
        } else {
            throw HomeError(path: "~/jqtrade", reason: "cannot be found, for HOME is not set: set JQTRADE_HOME")
        }
    }

    /// The home at an absolute path.
    public init(path: String) { self.path = path }

    /// The folder that holds one folder a task.
    public var tasksFolder: String { path + "/tasks" }
    /// The folder of compiled strategies.
    public var buildFolder: String { path + "/build" }
    /// The folder of the logs of detached tasks.
    public var logsFolder: String { path + "/logs" }
    /// The home's own options.
    public var configFile: String { path + "/config.json" }
    /// The user's additional closed days.
    public var closedDaysFile: String { path + "/calendar/closed_days.txt" }
    /// The user's additional trading days.
    public var openDaysFile: String { path + "/calendar/open_days.txt" }

    /// The user's changes to the rules of the market on paper.
    public var rulesFile: String { path + "/rules.json" }
    /// The user's dividends and splits.
    public var actionsFile: String { path + "/actions.csv" }

    /// A task's folder.
    public func folder(of name: TaskName) -> String { tasksFolder + "/" + name.text }

    /// Where a supervisor without a worker notes that a stop was asked for.
    public func stopNote(of name: TaskName) -> String { folder(of: name) + "/stopped" }

    /// Makes the home if it is not there and makes sure that it is this user's own and can be written.
    public func prepare(in disk: any FileStore) throws(HomeError) {
        do throws(DiskError) {
            for folder in [path, tasksFolder, buildFolder, logsFolder] { try disk.makeFolder(folder) }
        } catch {
            throw HomeError(path: path, reason: "cannot be made or written: \(error)")
        }
        var facts = stat()
        guard stat(path, &facts) == 0 else { throw HomeError(path: path, reason: "cannot be read") }
        guard facts.st_uid == geteuid() else {
            throw HomeError(path: path, reason: "belongs to another user (uid \(facts.st_uid))")
        }
        for folder in [path, tasksFolder] where access(folder, R_OK | W_OK | X_OK) != 0 {
            throw HomeError(path: folder, reason: "cannot be written by this user")
        }
        if facts.st_mode & 0o077 != 0 { _ = chmod(path, 0o700) }
    }
}

/// A home that cannot be used.
public struct HomeError: Error, CustomStringConvertible {
    let path: String
    let reason: String

    /// What is wrong and what to do.
    public var description: String {
        "The home folder \(path) \(reason). Set JQTRADE_HOME to a folder of your own that can be written."
    }
}

/// A path as seen from a folder, without `.` and `..`, nothing of it looked up.
public func absolutePath(_ path: String, in folder: String) -> String {
    var parts: [Substring] = []
    for part in (path.hasPrefix("/") ? path : folder + "/" + path).split(separator: "/") {
        switch part {
        case ".": continue
        case "..": if !parts.isEmpty { parts.removeLast() }
        default: parts.append(part)
        }
    }
    return "/" + parts.joined(separator: "/")
}
