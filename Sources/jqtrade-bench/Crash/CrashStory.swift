import CSupport
import FileOrders
import Market
import Simulation
import Time

/// What a day is made of before it begins: when orders go out, and what is bad about the folder and its terminal.
struct CrashStory {
    /// How the task meets the roll of the day.
    enum Course {
        /// It does not: all orders go out in one morning.
        case morning
        /// Orders go out before and after midnight, in a market that never closes.
        case midnight
        /// Orders go out on one day and on the next trading day.
        case overnight
    }

    /// A while in which orders go out, and how long it is.
    struct Scene {
        let start: Instant
        let seconds: Int64
        /// Whether nothing goes wrong at the terminal, and the power stays.
        var isCalm = false
        var end: Instant { start + .seconds(seconds) }
    }

    var course = Course.morning
    var format = OrderFileFormat.oneQuant
    var faults = TerminalFaults()
    var longestFault = TimeSpan.seconds(60)
    /// Whether writes may be short.
    var isShort = false
    /// What locks are worth in the folder.
    var locking = SimulatedDisk.Locking.works
    /// Whether the folder lies on another machine.
    var isShare = false
    /// What every call of the disk takes.
    var slowness = TimeSpan.zero
    /// Whose orders another program writes into the same file; nil if none does.
    var neighbour: String?
    /// The options `max_orders_per_day` and `max_traded_value_per_day`.
    var mostOrders = 10_000
    var largestValue = 20_000_000
    private var first = Day(number: 20777)  // Friday 2026-11-20

    init() {}

    /// What a seed decides.
    init(_ random: inout SeededRandom) {
        course = [.morning, .morning, .midnight, .overnight].randomElement(using: &random) ?? .morning
        if random.oneIn(4) { format = .cats }
        for fault in TerminalFaults.Fault.allCases where !random.oneIn(3) {
            faults[fault] = Double.random(in: 0...0.2, using: &random)
        }
        // One that dies while it writes its only file anew does not say again what was yesterday.
        if !format.reports.isDaily, course != .morning { (faults[.truncate], faults[.rotate]) = (0, 0) }
        longestFault = .seconds(Int64.random(in: 1...15, using: &random))
        if random.oneIn(2) { first = first - 1 }
        if random.oneIn(3) { drawShare(&random) }
        if random.oneIn(3) { neighbour = random.oneIn(2) ? CrashMachine.account : "77" }
        if random.oneIn(3) { mostOrders = Int.random(in: 5...25, using: &random) }
        if random.oneIn(3) { largestValue = Int.random(in: 30_000...400_000, using: &random) }
        // Where locks are not what they seem, what is taken back may take a row with it that another has just written.
        isShort = random.oneIn(2) && (hasLocks || neighbour == nil)
        // A terminal that takes lines without their end may have taken what a full disk makes us take back.
        if isShort || neighbour != nil { faults[.eager] = 0 }
    }

    private mutating func drawShare(_ random: inout SeededRandom) {
        isShare = random.oneIn(2)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: locking = .doesNothing
        case 1: locking = .fails(EOPNOTSUPP)
        case 2: locking = .fails(ENOLCK)
        default: break
        }
        if random.oneIn(2) {
            slowness = .milliseconds([5, 30, 120, 600].randomElement(using: &random) ?? 5)
        }
    }

    /// Whether a lock keeps others out.
    var hasLocks: Bool {
        if case .works = locking { true } else { false }
    }

    /// Trading hours: the market's, or all day and every day.
    var hours: MarketHours {
        guard course == .midnight, let periods = try? MarketPeriods([Self.allDay]) else { return MarketHours() }
        return MarketHours(calendar: .everyDay, periods: periods)
    }

    static let allDay = ("00:00:00", "23:59:59")

    /// When orders go out; where there is time between two scenes, it is a night. Around midnight terminal and machine are
    /// calm, for what was lost then of the old day would never be said again.
    var scenes: [Scene] {
        let (zone, next) = (MarketZone.shanghai, hours.calendar.next(after: first))
        func scene(_ day: Day, _ time: TimeOfDay, _ seconds: Int64, isCalm: Bool = false) -> Scene {
            Scene(start: zone.instant(day, time), seconds: seconds, isCalm: isCalm)
        }
        switch course {
        case .morning: return [scene(first, TimeOfDay(10, 0), 150)]
        case .overnight: return [scene(first, TimeOfDay(14, 50), 70), scene(next, TimeOfDay(10, 0), 70)]
        case .midnight:
            return [
                scene(first, TimeOfDay(23, 59), 40), scene(first, TimeOfDay(23, 59, 40), 35, isCalm: true),
                scene(next, TimeOfDay(0, 0, 15), 45),
            ]
        }
    }

    /// When all that may still be open on the first day has ended for the task; nil if there is only one day.
    var reckoning: Instant? {
        course == .midnight ? MarketZone.shanghai.instant(first + 1, TimeOfDay(0, 31)) : nil
    }

    /// The days on which orders may be given.
    var days: [Day] { course == .morning ? [first] : [first, hours.calendar.next(after: first)] }
}

extension CrashStory: CustomStringConvertible {
    /// What a failure tells of it.
    var description: String {
        var words = ["\(format.name)", "\(course)"]
        if !hasLocks { words.append("locks: \(locking)") }
        if isShare { words.append("a share") }
        if slowness > .zero { words.append("\(slowness) a call") }
        if let neighbour { words.append("a neighbour for \(neighbour)") }
        if isShort { words.append("short writes") }
        return words.joined(separator: ", ")
    }
}
