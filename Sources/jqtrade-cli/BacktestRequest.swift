import Logs
import Market
import Notation
import Tasks

/// What one run over the past is asked for: it travels as the first line of the socket to the process that runs it.
struct BacktestRequest: Equatable {
    /// The strategy with its parameters and options, as any task is launched.
    var launch: TaskLaunch
    /// The first day; nil for the first of the data.
    var from: Day?
    /// The last day; nil for the last of the data.
    var to: Day?
    /// Where the fills are written, `-` for the command's output; nil for nowhere.
    var trades: String?
    /// Where the page is written; nil for nowhere.
    var report: String?
    /// Where the runs of a sweep share the bars that the first of them has parsed; nil for a single run.
    var sharedBars: String?
    /// What of the strategy's log is shown; nil for nothing.
    var log: LogLevel?

    init(launch: TaskLaunch) { self.launch = launch }
}

extension BacktestRequest {
    var json: JSON {
        .object([
            .init("launch", launch.json), .init("from", .day(from)), .init("to", .day(to)),
            .init("trades", trades.map(JSON.text) ?? .null), .init("report", report.map(JSON.text) ?? .null),
            .init("shared_bars", sharedBars.map(JSON.text) ?? .null), .init("log", log.map { .text($0.name) } ?? .null),
        ])
    }

    /// The request read back; nil if this is none.
    init?(_ json: JSON) {
        guard let launch = json["launch"].flatMap(TaskLaunch.init) else { return nil }
        self.init(launch: launch)
        from = json["from"]?.string.flatMap { Day($0) }
        to = json["to"]?.string.flatMap { Day($0) }
        trades = json["trades"]?.string
        report = json["report"]?.string
        sharedBars = json["shared_bars"]?.string
        log = json["log"]?.string.flatMap { LogLevel($0) }
    }
}

/// How far a run has come.
struct BacktestProgress: Equatable {
    /// The trading day that has just ended.
    var day: Day
    /// So many have.
    var done: Int
    /// So many there are.
    var of: Int
    /// Bars and ticks until now.
    var bars: Int
    /// The time that it took.
    var seconds: Double
}

/// What a run leaves: where it went, and the figures under the names of `--json`.
struct BacktestResult: Equatable {
    /// The market's data, in the feed's own words.
    var market = ""
    /// The first and the last day that were run.
    var days = ""
    /// False for a strategy with `use_account: false`.
    var trades = true
    /// The jobs that were run, and how many of them failed.
    var jobErrors = 0
    /// The parameters that the strategy asked for.
    var askedParameters: Set<String> = []
    /// The twenty figures.
    var figures = JSON.object([])
}

/// What the process that runs tells the one that was called, one line each.
enum BacktestNews: Equatable {
    /// Something that the user should know, once.
    case note(String)
    /// The strategy is initialized, and its market's data is there.
    case ready
    case progress(BacktestProgress)
    case result(BacktestResult)
    /// Why there is no result.
    case problem(String)

    var json: JSON {
        switch self {
        case .note(let text): ["say": "note", "text": .text(text)]
        case .ready: ["say": "ready"]
        case .progress(let now):
            [
                "say": "progress", "day": .day(now.day), "done": .integer(Int64(now.done)),
                "of": .integer(Int64(now.of)), "bars": .integer(Int64(now.bars)), "seconds": .number(now.seconds),
            ]
        case .result(let result):
            [
                "say": "result", "market": .text(result.market), "days": .text(result.days),
                "trades": .bool(result.trades), "job_errors": .integer(Int64(result.jobErrors)),
                "asked": .list(result.askedParameters.sorted().map(JSON.text)), "figures": result.figures,
            ]
        case .problem(let text): ["say": "problem", "text": .text(text)]
        }
    }

    /// The news read back; nil for a line that is none.
    init?(_ json: JSON) {
        switch json["say"]?.string {
        case "note": self = .note(json["text"]?.string ?? "")
        case "ready": self = .ready
        case "problem": self = .problem(json["text"]?.string ?? "")
        case "progress":
            guard let day = json["day"]?.string.flatMap({ Day($0) }), let done = json["done"]?.int,
                let of = json["of"]?.int, let bars = json["bars"]?.int, let seconds = json["seconds"]?.double
            else { return nil }
            self = .progress(BacktestProgress(day: day, done: done, of: of, bars: bars, seconds: seconds))
        case "result":
            guard let figures = json["figures"] else { return nil }
            self = .result(
                BacktestResult(
                    market: json["market"]?.string ?? "", days: json["days"]?.string ?? "",
                    trades: json["trades"]?.bool ?? true, jobErrors: json["job_errors"]?.int ?? 0,
                    askedParameters: Set(json["asked"]?.list?.compactMap(\.string) ?? []), figures: figures))
        default: return nil
        }
    }
}

extension JSON {
    fileprivate static func day(_ day: Day?) -> JSON { day.map { .text("\($0)") } ?? .null }
}
