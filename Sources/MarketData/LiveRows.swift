import Market
import Storage

/// Rows as another program writes them: the header first, then bars or ticks, each told once, in order of their times.
struct LiveRows {
    /// The length of their bars; nil for ticks, and while nobody knows.
    let unit: BarUnit?

    private let hours: MarketHours
    private var reader: CSVRowReader
    private var line = 0
    private var isReadable = true
    /// True if some rows may have been told before.
    private var mayRepeat = false
    private var numbers: [Security: Int] = [:]
    private var queue = LiveQueue()
    private var lanes: [Int: Lane] = [:]
    private var problems: [String] = []
    private var problemCount = 0

    /// What has been told under one number.
    private struct Lane {
        /// When the newest of it was, or when it was first asked for.
        var last: Instant
        var facts: DayFacts?
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
            reader.file, line: 1,
            "the rows are ticks, but \(unit) bars were named or came before: start the task again, without ,unit=\(unit)"
        )
    }

    /// When the next event is due.
    var nextTime: Instant? { queue.nextTime }

    /// The next event that is due.
    mutating func next(upTo now: Instant) -> MarketEvent? {
        guard let (event, number, time) = queue.take(upTo: now) else { return nil }
        if let last = lanes[number]?.last, last < time { lanes[number]?.last = time }
        return event
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
        let time: Instant
        let event: MarketEvent?
        switch row.content {
        case .day: (time, event) = (now, nil)
        case .tick(let tick): (time, event) = (tick.time, .tick(number, tick))
        case .bar(let bar): (time, event) = (bar.end, .bar(number, bar))
        }
        if let facts = row.facts, facts != lanes[number]?.facts {
            lanes[number]?.facts = facts
            queue.add(.facts(number, facts), of: number, at: min(time, now))
        }
        guard let event, let lane = lanes[number], !isTold(time, number, lane, now), !isAhead(time, now) else { return }
        // What is stamped ahead is not told yet: what comes meanwhile is no older for it.
        lanes[number]?.last = max(lane.last, min(time, now))
        queue.add(event, of: number, at: time)
    }

    private func isTold(_ time: Instant, _ number: Int, _ lane: Lane, _ now: Instant) -> Bool {
        mayRepeat && (time <= lane.last || time > now && queue.holds(number, at: time))
    }

    private mutating func isAhead(_ time: Instant, _ now: Instant) -> Bool {
        guard time > now + Self.tolerance else { return false }
        let (stamp, clock) = (hours.zone.local(time), hours.zone.local(now))
        note(
            "\(reader.file):\(line): the time \(stamp) is ahead of the clock, which shows \(clock): the row is left out"
        )
        return true
    }
}
