import Market
import Notation

/// Everything that was asked for when a task was started, with all paths absolute: what `start_task` hands to a
/// detached supervisor and every supervisor to its workers. It travels over a pipe, never on a command line, because
/// the environment may hold secrets.
public struct TaskLaunch: Equatable, Sendable {
    /// The task's name.
    public var name: String
    /// `JQTRADE_HOME`.
    public var home: String
    /// The strategy's file, folder or library.
    public var code: String
    /// The library that the strategy was compiled into.
    public var library: String
    /// The log file of `-o`; nil for the console.
    public var out: String?
    /// True for one JSON object a log line.
    public var logsJSON = false
    /// The variables of `-e`; like the two below, each name once: a later value replaces an earlier one, for JSON has no
    /// name twice.
    public var environment: [JSON.Member] = [] { didSet { environment = lastOfEach(environment) } }
    /// The parameters of `--param`.
    public var parameters: [JSON.Member] = [] { didSet { parameters = lastOfEach(parameters) } }
    /// The options of `--set`.
    public var settings: [JSON.Member] = [] { didSet { settings = lastOfEach(settings) } }
    /// The options of the `--config` file, and where it is.
    public var config: [JSON.Member] = []
    /// The `--config` file's path, for messages.
    public var configPath: String?
    /// The options of the home's `config.json`.
    public var homeConfig: [JSON.Member] = []
    /// `--debug`.
    public var debug = false
    /// `--restart on-crash`.
    public var restartsOnCrash = true
    /// True for a worker that follows one that crashed.
    public var isRestart = false
    /// When the task was started; its workers may begin later.
    public var startedAt = Instant(nanoseconds: 0)

    /// A launch with nothing but what every task has.
    public init(name: String, home: String, code: String, library: String) {
        self.name = name
        self.home = home
        self.code = code
        self.library = library
    }

    /// The launch as JSON.
    public var json: JSON {
        .object([
            .init("name", .text(name)), .init("home", .text(home)), .init("code", .text(code)),
            .init("library", .text(library)), .init("out", out.map(JSON.text) ?? .null),
            .init("logs_json", .bool(logsJSON)), .init("env", .object(environment)),
            .init("params", .object(parameters)), .init("settings", .object(settings)),
            .init("config", .object(config)), .init("config_path", configPath.map(JSON.text) ?? .null),
            .init("home_config", .object(homeConfig)), .init("debug", .bool(debug)),
            .init("restarts_on_crash", .bool(restartsOnCrash)), .init("is_restart", .bool(isRestart)),
            .init("started_at", .integer(startedAt.nanoseconds)),
        ])
    }

    /// The launch read back; nil if this is none.
    public init?(_ json: JSON) {
        guard let name = json["name"]?.string, let home = json["home"]?.string, let code = json["code"]?.string,
            let library = json["library"]?.string
        else { return nil }
        self.init(name: name, home: home, code: code, library: library)
        out = json["out"]?.string
        logsJSON = json["logs_json"]?.bool ?? false
        environment = json["env"]?.members ?? []
        parameters = json["params"]?.members ?? []
        settings = json["settings"]?.members ?? []
        config = json["config"]?.members ?? []
        configPath = json["config_path"]?.string
        homeConfig = json["home_config"]?.members ?? []
        debug = json["debug"]?.bool ?? false
        restartsOnCrash = json["restarts_on_crash"]?.bool ?? true
        isRestart = json["is_restart"]?.bool ?? false
        startedAt = Instant(nanoseconds: Int64(json["started_at"]?.int ?? 0))
    }
}

private func lastOfEach(_ members: [JSON.Member]) -> [JSON.Member] {
    members.indices.filter { index in !members[(index + 1)...].contains { $0.name == members[index].name } }
        .map { members[$0] }
}
