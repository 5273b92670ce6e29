import Market
import Notation

/// What a worker tells its supervisor, one line each over the control socket.
public enum WorkerNews: Equatable, Sendable {
    /// `process_initialize` has returned without an error and the schedule is set.
    case ready
    /// An activity begins: its name, and when.
    case begin(activity: String, at: Instant)
    /// The activity has ended.
    case end
    /// The slot that comes next; nil when there is none.
    case next(NextSlot?)
    /// How many job errors and missed slots there have been since the worker started.
    case counts(jobErrors: Int, missed: Int)
    /// The name of the market's zone, in which the task's times are told.
    case zone(String)
    /// What the task trades with, for the task list.
    case mode(String)
    /// How many orders are open at the broker, and when the account was last read.
    case account(openOrders: Int, syncedAt: Instant?)
    /// Why the worker is about to leave with an error code.
    case problem(String)
    /// The answer to a ping.
    case pong(Int)
    /// The task is leaving by request; a stop by SIGTERM to the worker is told like this.
    case stopping
}

/// What a supervisor asks of its worker.
public enum WorkerRequest: Equatable, Sendable {
    /// Finish the current activity, run `process_exit`, leave.
    case stop
    /// Answer with the same number.
    case ping(Int)
}

/// The slot that a worker will run next, and how long after its time it counts as overdue.
public struct NextSlot: Equatable, Sendable {
    /// The job's name.
    public var job: String
    /// When it is due.
    public var at: Instant
    /// The job's misfire grace.
    public var grace: TimeSpan

    /// A job's next slot.
    public init(job: String, at: Instant, grace: TimeSpan) {
        self.job = job
        self.at = at
        self.grace = grace
    }
}

extension WorkerNews {
    /// The news as one JSON object.
    public var json: JSON {
        switch self {
        case .ready: message("ready")
        case .begin(let activity, let at):
            message("begin", .init("activity", .text(activity)), .init("at", .integer(at.nanoseconds)))
        case .end: message("end")
        case .next(nil): message("next")
        case .next(let slot?):
            message(
                "next", .init("job", .text(slot.job)), .init("at", .integer(slot.at.nanoseconds)),
                .init("grace", .integer(slot.grace.nanoseconds)))
        case .counts(let errors, let missed):
            message("counts", .init("errors", .integer(Int64(errors))), .init("missed", .integer(Int64(missed))))
        case .zone(let name): message("zone", .init("zone", .text(name)))
        case .mode(let mode): message("mode", .init("mode", .text(mode)))
        case .account(let openOrders, let syncedAt):
            message(
                "account", .init("open_orders", .integer(Int64(openOrders))),
                .init("at", syncedAt.map { .integer($0.nanoseconds) } ?? .null))
        case .problem(let text): message("problem", .init("text", .text(text)))
        case .pong(let number): message("pong", .init("number", .integer(Int64(number))))
        case .stopping: message("stopping")
        }
    }

    /// The news read back; nil for a line that is none.
    public init?(_ json: JSON) {
        let instant = json["at"]?.int.map { Instant(nanoseconds: Int64($0)) }
        switch json["say"]?.string {
        case "ready": self = .ready
        case "begin":
            guard let activity = json["activity"]?.string, let instant else { return nil }
            self = .begin(activity: activity, at: instant)
        case "end": self = .end
        case "next":
            guard let job = json["job"]?.string, let instant, let grace = json["grace"]?.int else {
                self = .next(nil)
                return
            }
            self = .next(NextSlot(job: job, at: instant, grace: TimeSpan(nanoseconds: Int64(grace))))
        case "counts":
            guard let errors = json["errors"]?.int, let missed = json["missed"]?.int else { return nil }
            self = .counts(jobErrors: errors, missed: missed)
        case "zone":
            guard let name = json["zone"]?.string else { return nil }
            self = .zone(name)
        case "mode":
            guard let mode = json["mode"]?.string else { return nil }
            self = .mode(mode)
        case "account":
            guard let openOrders = json["open_orders"]?.int else { return nil }
            self = .account(openOrders: openOrders, syncedAt: instant)
        case "problem":
            guard let text = json["text"]?.string else { return nil }
            self = .problem(text)
        case "pong":
            guard let number = json["number"]?.int else { return nil }
            self = .pong(number)
        case "stopping": self = .stopping
        default: return nil
        }
    }
}

extension WorkerRequest {
    /// The request as one JSON object.
    public var json: JSON {
        switch self {
        case .stop: message("stop")
        case .ping(let number): message("ping", .init("number", .integer(Int64(number))))
        }
    }

    /// The request read back; nil for a line that is none.
    public init?(_ json: JSON) {
        switch json["say"]?.string {
        case "stop": self = .stop
        case "ping":
            guard let number = json["number"]?.int else { return nil }
            self = .ping(number)
        default: return nil
        }
    }
}

private func message(_ say: String, _ rest: JSON.Member...) -> JSON { .object([.init("say", .text(say))] + rest) }
