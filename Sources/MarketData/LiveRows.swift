import Market
import Storage

/// Rows as another program writes them: the header first, then bars or ticks, each told once.
///
/// Where it was not known at the start that bars would come, they are told as ticks that make the same bars.
struct LiveRows {
    /// How rows are told: the length of their bars; nil for ticks.
    let unit: BarUnit?

    private let hours: MarketHours
    private var reader: CSVRowReader
    private var line = 0
    private var isReadable = true
    /// True if some rows may have been told before.
    private var mayRepeat = false
    private var numbers: [Security: Int] = [:]
    private var events: [(time: Instant, event: MarketEvent)] = []
    private var first = 0
    private var lanes: [Int: Lane] = [:]
    private var problems: [String] = []
    private var problemCount = 0

    /// What has been told under one number.
    private struct Lane {
        /// When the newest of it was, or when it was first asked for.
        var last: Instant
        var facts: DayFacts?
        var day: Day?
        var volume: Int64 = 0
        var amount = Money.zero
    }

    /// No more sentences than this about one file.
    private static let mostProblems = 10
    /// A row that is further ahead of the clock was stamped by a wrong one.
    private static let tolerance = TimeSpan.seconds(300)

    init(unit: BarUnit?, hours: MarketHours) {
        self.unit = unit
        self.hours = hours
        reader = CSVRowReader(file: "", hours: hours)
    }

    /// Tells this security's rows too from now on.
    mutating func add(_ security: Security, as number: Int, now: Instant) {
        numbers[security] = number
        lanes[number] = lanes[number] ?? Lane(last: now)
    }

    /// A header comes next, of something that messages call by this name.
    mutating func begin(_ name: String, mayRepeat: Bool) {
        reader = CSVRowReader(file: name, hours: hours)
        self.mayRepeat = mayRepeat
        (line, problemCount, isReadable) = (0, 0, true)
    }

    /// Takes the next line; as a `baseline` it is one that stood there before anybody asked.
    mutating func take(_ range: Range<Int>, of bytes: [UInt8], isBaseline: Bool = false, now: Instant) {
        line += 1
        guard isReadable, !(isBaseline && reader.hasHeader) else { return }
        do throws(CSVError) {
            guard reader.hasHeader else { return try readHeader(range, bytes) }
            guard let row = try reader.row(range, of: bytes, line: line) else { return }
            take(row, now)
        } catch {
            note(error.description)
        }
    }

    private mutating func readHeader(_ range: Range<Int>, _ bytes: [UInt8]) throws(CSVError) {
        do throws(CSVError) {
            try reader.readHeader(range, of: bytes)
        } catch {
            isReadable = false
            throw error
        }
        guard let unit, !reader.hasBars else { return }
        isReadable = false
        throw CSVError(
            reader.file, line: 1, "the rows are ticks, but they were \(unit) bars before: start the task again")
    }

    /// When the next event is due.
    var nextTime: Instant? { first < events.count ? events[first].time : nil }

    /// The next event that is due.
    mutating func next(upTo now: Instant) -> MarketEvent? {
        guard first < events.count, events[first].time <= now else { return nil }
        defer {
            first += 1
            if first == events.count {
                events.removeAll(keepingCapacity: true)
                first = 0
            }
        }
        return events[first].event
    }

    mutating func takeProblems() -> [String] {
        defer { problems = [] }
        return problems
    }

    /// Something was wrong that shall be said, unless too much has been.
    mutating func note(_ problem: String) {
        problemCount += 1
        if problemCount <= Self.mostProblems { problems.append(problem) }
        if problemCount == Self.mostProblems { problems.append("\(reader.file): what else is wrong in it is not told") }
    }

    /// Something happened that is always said.
    mutating func say(_ problem: String) { problems.append(problem) }

    private mutating func take(_ row: CSVRow, _ now: Instant) {
        if let code = row.code {
            if let number = numbers[code] { tell(row, number, now) }
        } else {
            for number in numbers.values.sorted() { tell(row, number, now) }
        }
    }

    private mutating func tell(_ row: CSVRow, _ number: Int, _ now: Instant) {
        guard var lane = lanes[number] else { return }
        if let facts = row.facts, facts != lane.facts {
            lane.facts = facts
            events.append((now, .facts(number, facts)))
        }
        switch row.content {
        case .day: break
        case .tick(let tick):
            if isTold(tick.time, lane) || isAhead(tick.time, now) { break }
            lane.last = max(lane.last, tick.time)
            events.append((tick.time, .tick(number, tick)))
        case .bar(let bar):
            if isTold(bar.end, lane) || isAhead(bar.end, now) { break }
            lane.last = max(lane.last, bar.end)
            if unit != nil {
                events.append((bar.end, .bar(number, bar)))
            } else {
                for tick in ticks(of: bar, &lane) { events.append((bar.end, .tick(number, tick))) }
            }
        }
        lanes[number] = lane
    }

    private func isTold(_ time: Instant, _ lane: Lane) -> Bool { mayRepeat && time <= lane.last }

    private mutating func isAhead(_ time: Instant, _ now: Instant) -> Bool {
        guard time > now + Self.tolerance else { return false }
        let (stamp, clock) = (hours.zone.local(time), hours.zone.local(now))
        note(
            "\(reader.file):\(line): the time \(stamp) is ahead of the clock, which shows \(clock): the row is left out"
        )
        return true
    }

    /// Ticks that lead from the open to the close, just before the bar's end.
    private func ticks(of bar: MarketBar, _ lane: inout Lane) -> [MarketTick] {
        let time = bar.end - TimeSpan(nanoseconds: 1)
        let day = TradingTime(around: time, hours).day
        if day != lane.day { (lane.day, lane.volume, lane.amount) = (day, 0, .zero) }
        let before = (lane.volume, lane.amount)
        lane.volume &+= bar.volume
        lane.amount = lane.amount + bar.amount
        var ticks = [bar.open, bar.high, bar.low, bar.close].map {
            MarketTick(time: time, last: $0, volume: before.0, amount: before.1)
        }
        ticks[3].volume = lane.volume
        ticks[3].amount = lane.amount
        return ticks
    }
}
