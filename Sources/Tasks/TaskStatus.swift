import Market
import Notation
import Time

/// What is known of a task from outside: the supervisor keeps it in `status.json`, and `get_tasks` reads it.
/// It is derived, never a source: losing it loses nothing.
public struct TaskStatus: Equatable, Sendable {
    /// Where a task stands.
    public enum State: String, Sendable {
        case starting
        case running
        case busy
        case stopping
        case backoff
        case failed

        /// True for a worker that does what it should, be it idle or at work.
        var isHealthy: Bool { self == .running || self == .busy }
    }

    /// The activity that the worker is in.
    public struct Busy: Equatable, Sendable {
        /// The activity's name.
        public var activity: String
        /// When it began.
        public var since: Instant
    }

    /// The task's name.
    public var name: String
    /// The state as the supervisor last wrote it.
    public var state = State.starting
    /// What the task trades with: `paper`, `LIVE`, ….
    public var mode = "paper"
    /// The name of the market's zone: the built-in one until the worker has told another.
    public var zone = MarketZone.shanghai.name
    /// The worker's identity, `pid:start`.
    public var worker: String?
    /// The supervisor's identity, `pid:start`.
    public var supervisor: String?
    /// The boot that these processes belong to.
    public var boot: String?
    /// The strategy.
    public var code: String
    /// The log file; nil for the console.
    public var out: String?
    /// The variables of `-e`, secrets masked.
    public var environment: [JSON.Member] = []
    /// The parameters of `--param`.
    public var parameters: [JSON.Member] = []
    /// `--debug`.
    public var debug = false
    /// When the task was started.
    public var startedAt: Instant
    /// How often the worker was restarted.
    public var restarts = 0
    /// How the last worker ended, and why the task waits or has failed.
    public var lastExit: String?
    /// The activity that the worker is in.
    public var busy: Busy?
    /// The slot that comes next.
    public var nextSlot: NextSlot?
    /// True when the next slot's time has passed by more than its grace while the worker was busy.
    public var isOverdue = false
    /// Errors of jobs since the task was started.
    public var jobErrors = 0
    /// Slots missed since the task was started.
    public var missed = 0

    /// How many orders are open at the broker; nil for a task without an account.
    public var openOrders: Int?
    /// When the account was last read.
    public var syncedAt: Instant?

    /// True if the task trades with a broker.
    public var tradesLive: Bool { mode.hasPrefix("LIVE") }

    /// The status of a task that is being started.
    public init(name: String, code: String, startedAt: Instant) {
        self.name = name
        self.code = code
        self.startedAt = startedAt
    }
}

extension TaskStatus {
    /// The zone in which the task's times are shown; the built-in one where the zone's file is gone.
    public var marketZone: MarketZone { (try? MarketZone.named(zone)) ?? .shanghai }

    /// The status as `status.json` holds it.
    public var json: JSON {
        func text(_ value: String?) -> JSON { value.map(JSON.text) ?? .null }
        let busyFields = busy.map { busy in
            JSON.object([.init("activity", .text(busy.activity)), .init("since", .integer(busy.since.nanoseconds))])
        }
        let nextFields = nextSlot.map { slot in
            JSON.object([
                .init("job", .text(slot.job)), .init("at", .integer(slot.at.nanoseconds)),
                .init("grace", .integer(slot.grace.nanoseconds)),
            ])
        }
        return .object([
            .init("name", .text(name)), .init("state", .text(state.rawValue)), .init("mode", .text(mode)),
            .init("zone", .text(zone)),
            .init("worker", text(worker)), .init("supervisor", text(supervisor)), .init("boot", text(boot)),
            .init("code", .text(code)), .init("out", text(out)), .init("env", .object(environment)),
            .init("params", .object(parameters)), .init("debug", .bool(debug)),
            .init("started_at", .integer(startedAt.nanoseconds)), .init("restarts", .integer(Int64(restarts))),
            .init("last_exit", text(lastExit)), .init("busy", busyFields ?? .null),
            .init("next_slot", nextFields ?? .null), .init("overdue", .bool(isOverdue)),
            .init("job_errors", .integer(Int64(jobErrors))), .init("missed", .integer(Int64(missed))),
            .init("open_orders", openOrders.map { .integer(Int64($0)) } ?? .null),
            .init("synced_at", syncedAt.map { .integer($0.nanoseconds) } ?? .null),
        ])
    }

    /// The status read back; nil for anything that is none.
    public init?(_ json: JSON) {
        guard let name = json["name"]?.string, let code = json["code"]?.string,
            let startedAt = json["started_at"]?.int, let state = json["state"]?.string.flatMap(State.init)
        else { return nil }
        self.init(name: name, code: code, startedAt: Instant(nanoseconds: Int64(startedAt)))
        self.state = state
        mode = json["mode"]?.string ?? mode
        zone = json["zone"]?.string ?? zone
        worker = json["worker"]?.string
        supervisor = json["supervisor"]?.string
        boot = json["boot"]?.string
        out = json["out"]?.string
        environment = json["env"]?.members ?? []
        parameters = json["params"]?.members ?? []
        debug = json["debug"]?.bool ?? false
        restarts = json["restarts"]?.int ?? 0
        lastExit = json["last_exit"]?.string
        if let activity = json["busy"]?["activity"]?.string, let since = json["busy"]?["since"]?.int {
            busy = Busy(activity: activity, since: Instant(nanoseconds: Int64(since)))
        }
        if let job = json["next_slot"]?["job"]?.string, let at = json["next_slot"]?["at"]?.int {
            let grace = TimeSpan(nanoseconds: Int64(json["next_slot"]?["grace"]?.int ?? 0))
            nextSlot = NextSlot(job: job, at: Instant(nanoseconds: Int64(at)), grace: grace)
        }
        isOverdue = json["overdue"]?.bool ?? false
        jobErrors = json["job_errors"]?.int ?? 0
        missed = json["missed"]?.int ?? 0
        openOrders = json["open_orders"]?.int
        syncedAt = json["synced_at"]?.int.map { Instant(nanoseconds: Int64($0)) }
    }
}
