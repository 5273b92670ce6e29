import Market
import MarketData
import Simulation
import Storage
import XCTest

/// What is recorded is what is replayed.
final class MarketRecorderTests: XCTestCase {
    private var disk = SimulatedDisk()
    private let hours = MarketHours()
    private let codes = [Security("000001.XSHE"), Security("600000.XSHG")]

    override func setUpWithError() throws {
        disk = SimulatedDisk()
        try disk.makeFolder("/r")
    }

    private func recorder(feed: BarUnit? = nil, unit: BarUnit? = nil) throws -> MarketRecorder {
        try MarketRecorder("/r", codes: codes, feedUnit: feed, unit: unit, hours: hours, disk: disk)
    }

    private func record(_ events: [MarketEvent], unit: BarUnit? = nil) throws -> MarketRecorder {
        let recorder = try recorder(feed: unit, unit: unit)
        for event in events { try recorder.record(event) }
        try recorder.close(feedHasEnded: true, at: Instant(nanoseconds: 0))
        return recorder
    }

    private func replay(_ path: String = "/r") throws -> [String] {
        let feed = try CSVFeed(path: path, disk: disk, hours: hours)
        for (number, code) in codes.enumerated() { try feed.add(code, as: number, now: Instant(nanoseconds: .min)) }
        var events: [String] = []
        while let event = feed.next(upTo: Instant(nanoseconds: .max)) { events.append("\(event)") }
        XCTAssertEqual(feed.takeProblems(), [])
        return events
    }

    private func day(_ number: Int) throws -> Day { try XCTUnwrap(Day(year: 2024, month: 1, day: number)) }

    /// Ticks of two codes on two days with everything that a tick can have.
    private func ticks() throws -> [MarketEvent] {
        var events: [MarketEvent] = []
        for number in 2...3 {
            let day = try day(number)
            let open = hours.zone.instant(day, TimeOfDay(9, 25))
            for code in 0...1 {
                events.append(
                    .facts(
                        code, DayFacts(day: day, preClose: Money(9.5), highLimit: Money(10.45), isPaused: code == 1)))
            }
            for step in 0..<50 {
                for code in 0...1 {
                    let levels = (0..<step % 11).map {
                        MarketTick.Level(price: Money(units: 100_000 - Int64($0) * 100), volume: Int64($0) * 100)
                    }
                    let time = open + .milliseconds(Int64(step) * 500) + TimeSpan(nanoseconds: step == 7 ? 1 : 0)
                    events.append(
                        .tick(
                            code,
                            MarketTick(
                                time: time, last: Money(units: 100_000 + Int64(step)), volume: Int64(step) * 10,
                                amount: Money(units: Int64(step) * 1_000_003), bids: levels, asks: levels.reversed())))
                }
            }
        }
        return events
    }

    private func bars() throws -> [MarketEvent] {
        try (2...4).flatMap { number -> [MarketEvent] in
            let open = hours.zone.instant(try day(number), TimeOfDay(9, 30))
            return (1...3).map { minute -> MarketEvent in
                let price = Money(units: Int64(100_000 + number * 1000 + minute))
                return .bar(
                    0,
                    MarketBar(
                        end: open + .seconds(Int64(minute) * 60), open: price, high: price, low: price, close: price,
                        volume: Int64(minute), amount: Money(units: 12_345)))
            }
        }
    }

    func testTicksComeBackAsTheyWere() throws {
        let events = try ticks()
        XCTAssertEqual(try record(events).rows, events.count)
        XCTAssertEqual(try disk.list("/r"), ["2024-01-02.csv", "2024-01-03.csv"])
        XCTAssertTrue(try replay() == events.map { "\($0)" })
    }

    func testARecordingBegunAgainWritesNoRowTwice() throws {
        let events = try ticks()
        for cut in [1, 7, 40, 102, 103, 150, events.count] {
            disk = SimulatedDisk()
            try disk.makeFolder("/r")
            let first = try recorder()
            for event in events[..<cut] { try first.record(event) }
            try first.flush(at: Instant(nanoseconds: 0))
            let file = try disk.open("/r/" + (try XCTUnwrap(disk.list("/r").last)), .append)
            try disk.appendWhole(Array("2024-01-03 09:25:0".utf8), to: file)
            let second = try record(events)
            XCTAssertEqual(second.rows, events.count - cut, "cut at \(cut)")
            XCTAssertEqual(second.repeated, cut)
            XCTAssertTrue(try replay() == events.map { "\($0)" }, "cut at \(cut)")
        }
        XCTAssertEqual(try record(events).rows, 0, "the whole again")
        XCTAssertTrue(try replay() == events.map { "\($0)" })
    }

    func testBarsComeBackAndLongerOnesAreMade() throws {
        let all = try bars()
        _ = try record(all, unit: .minute)
        let feed = try CSVFeed(path: "/r", disk: disk, hours: hours)
        XCTAssertEqual(feed.unit, .minute)
        try feed.add(codes[0], as: 0, now: Instant(nanoseconds: .min))
        var events: [String] = []
        while let event = feed.next(upTo: Instant(nanoseconds: .max)) { events.append("\(event)") }
        XCTAssertEqual(events, all.map { "\($0)" })

        try disk.makeFolder("/d")
        let daily = try MarketRecorder(
            "/d", codes: codes, feedUnit: .minute, unit: .day, hours: hours, disk: disk)
        for event in all { try daily.record(event) }
        try daily.close(feedHasEnded: true, at: Instant(nanoseconds: 0))
        let text = String(decoding: try disk.readFile("/d/daily.csv") ?? [], as: UTF8.self).split(separator: "\n")
        XCTAssertEqual(text.count, 4)
        XCTAssertEqual(
            text[1], "2024-01-02 15:00:00,000001.XSHE,10.2001,10.2003,10.2001,10.2003,6,3.7035,,,,")
    }

    /// The next day's facts come before the tick that would close a day's last bar, and one code may have no tick at all.
    func testTheLastBarOfEachDayIsRecorded() throws {
        let recorder = try recorder(unit: .minute)
        for number in 2...4 {
            let day = try day(number)
            for code in 0...1 { try recorder.record(.facts(code, DayFacts(day: day, preClose: Money(10)))) }
            for clock in [TimeOfDay(14, 58), TimeOfDay(14, 59)] {
                for code in 0...1 where code == 0 || number == 2 {
                    try recorder.record(.tick(code, try tick(10, hours.zone.instant(day, clock) + .seconds(5))))
                }
            }
        }
        try recorder.close(feedHasEnded: true, at: Instant(nanoseconds: 0))
        let ends = try replay().filter { $0.hasPrefix("bar") }
        XCTAssertEqual(ends.count, 8, "two bars of one code on three days, and of the other on one")
        XCTAssertEqual(recorder.late, 0)
    }

    /// As in a run: what no strategy would be told makes no bars.
    func testBarsAreMadeOfTicksThatCanBe() throws {
        let recorder = try recorder(unit: .minute)
        let day = try day(2)
        func at(_ hour: Int, _ minute: Int, _ second: Int = 0) -> Instant {
            hours.zone.instant(day, TimeOfDay(hour, minute, second))
        }
        try recorder.record(
            .facts(0, DayFacts(day: day, preClose: Money(10), highLimit: Money(11), lowLimit: Money(9))))
        let prices: [(Double, Instant)] = [
            (10, at(9, 30)), (99, at(9, 30, 1)), (0, at(9, 30, 2)), (1, at(9, 30, 3)), (10.5, at(9, 30, 4)),
            (10.2, at(9, 30, 2)), (10.1, at(18, 23)),
        ]
        for (price, time) in prices { try recorder.record(.tick(0, try tick(price, time))) }
        try recorder.close(feedHasEnded: true, at: Instant(nanoseconds: 0))
        let text = String(decoding: try disk.readFile("/r/2024-01-02.csv") ?? [], as: UTF8.self).split(separator: "\n")
        XCTAssertEqual(text.count, 3)
        XCTAssertTrue(text[2].hasPrefix("2024-01-02 09:31:00,000001.XSHE,10,10.5,10,10.5,"), "\(text[2])")
        XCTAssertEqual(
            recorder.dropped, [.outsideLimits: 2, .noPrice: 1, .backInTime: 1, .outsideSessions: 1])
    }

    private func tick(_ price: Double, _ time: Instant) throws -> MarketTick {
        MarketTick(time: time, last: try XCTUnwrap(Money(price)), volume: 0)
    }

    /// Each reader looks at its own moments, some as seldom as every twentieth, while one day ends and the next begins.
    func testTwentyReadersOverADayRollGetEveryTickOnce() throws {
        let events = try ticks()
        let recorder = try recorder()
        let clock = try hours.zone.instant(day(2), TimeOfDay(9, 0))
        let desk = FeedDesk(
            hours: hours, disk: disk, absolutePath: { $0 }, now: clock, span: nil, isVirtual: false)
        let readers = try (0..<20).map { _ in
            let feed = try FeedSpec("follow:/r").makeFeed(desk)
            for (number, code) in codes.enumerated() { try feed.add(code, as: number, now: clock) }
            return feed
        }
        var seen = [[String]](repeating: [], count: readers.count)
        func look(_ reader: Int, _ now: Instant) {
            while let event = readers[reader].next(upTo: now) {
                if case .tick = event { seen[reader].append("\(event)") }
            }
        }
        var now = clock
        for (step, event) in events.enumerated() {
            try recorder.record(event)
            try recorder.flush(at: now)
            if case .tick(_, let tick) = event { now = max(now + .seconds(1), tick.time) }
            for reader in readers.indices where step % (reader + 1) == 0 { look(reader, now) }
        }
        for reader in readers.indices { look(reader, now + .seconds(10)) }
        let expected = events.map { "\($0)" }.filter { $0.hasPrefix("tick") }
        for reader in readers.indices {
            XCTAssertEqual(seen[reader].count, expected.count, "reader \(reader)")
            XCTAssertTrue(seen[reader].sorted() == expected.sorted(), "reader \(reader)")
            XCTAssertEqual(readers[reader].takeProblems().filter { !$0.contains("there") }, [])
        }
    }

    func testAFileOfSomebodyElseIsLeftAlone() throws {
        try disk.replaceFile("/r/2024-01-02.csv", with: Array("mine\n".utf8), durable: false)
        XCTAssertThrowsError(try record(ticks())) {
            XCTAssertTrue("\($0)".contains("/r/2024-01-02.csv: this is not a file of such a recording"), "\($0)")
        }
        XCTAssertEqual(try disk.readFile("/r/2024-01-02.csv"), Array("mine\n".utf8))
    }

    func testADiskThatFillsUpLeavesWholeLinesOnly() throws {
        let events = try ticks()
        let recorder = try recorder()
        for event in events.prefix(20) { try recorder.record(event) }
        disk.faults.shortWrites = [disk.operations: 100]
        disk.faults.failures = [disk.operations + 1: 28]
        XCTAssertThrowsError(try recorder.flush(at: Instant(nanoseconds: 0)))
        let text = try disk.readFile("/r/2024-01-02.csv") ?? []
        XCTAssertEqual(text.last, UInt8(ascii: "\n"))
        XCTAssertEqual(text.count { $0 == UInt8(ascii: "\n") }, 1)
        try recorder.flush(at: Instant(nanoseconds: 0))
        XCTAssertEqual(try disk.readFile("/r/2024-01-02.csv")?.count { $0 == UInt8(ascii: "\n") }, 21)
    }

    /// A command may turn out to tell bars, for which there is no place among ticks.
    func testBarsThatNobodyExpectedAreNotWrittenAmongTicks() throws {
        let recorder = try recorder()
        let all = try bars()
        XCTAssertThrowsError(try recorder.record(all[0])) { XCTAssertTrue("\($0)".contains("--unit 1m"), "\($0)") }
        let built = try self.recorder(unit: .minute)
        for bar in all { try built.record(bar) }
        try built.close(feedHasEnded: true, at: Instant(nanoseconds: 0))
        XCTAssertEqual(built.rows, all.count)
    }

    func testTicksCannotBeMadeFromBars() {
        XCTAssertThrowsError(try recorder(feed: .minute, unit: nil)) {
            XCTAssertEqual("\($0)", "the feed has 1m bars: from these no ticks can be made")
        }
        XCTAssertThrowsError(try recorder(feed: .minutes5, unit: .minute))
    }
}
