import Market
import MarketData
import Simulation
import Storage
import TestSupport
import XCTest

final class RandomFeedTests: XCTestCase {
    private let share = Security("000001.XSHE")

    private func desk(_ now: String, _ hours: MarketHours = MarketHours(), span: ClosedRange<Day>? = nil) -> FeedDesk {
        FeedDesk(
            hours: hours, disk: SystemDisk(), absolutePath: { $0 }, now: shanghai(now), span: span,
            isVirtual: span != nil)
    }

    private func feed(_ text: String, _ desk: FeedDesk, _ codes: [Security]) throws -> any MarketFeed {
        let feed = try FeedSpec(text).makeFeed(desk)
        for (number, code) in codes.enumerated() { try feed.add(code, as: number, now: desk.now) }
        return feed
    }

    /// All events of a feed that come to an end, or up to an instant.
    private func events(_ feed: any MarketFeed, upTo end: Instant? = nil) -> [MarketEvent] {
        var events: [MarketEvent] = []
        while let due = feed.nextTime, due <= end ?? due {
            guard let event = feed.next(upTo: due) else { break }
            events.append(event)
        }
        return events
    }

    private func ticks(_ events: [MarketEvent]) -> [MarketTick] {
        events.compactMap { if case .tick(_, let tick) = $0 { tick } else { nil } }
    }

    func testAnyDayOfAnyCodeIsADayOfAMarket() throws {
        let codes = ["000001.XSHE", "510300.XSHG", "300750.XSHE", "688981.XSHG", "RB2001.XSGE"].map { Security($0) }
        for seed in TestScale.seeds(3) {
            var random = SeededRandom(seed: seed)
            let day = Day(number: Int32.random(in: 18_500...20_500, using: &random))
            let price = Int.random(in: 1...300, using: &random)
            let desk = desk("\(day - 1) 00:00", span: day...(day + 4))
            for code in codes {
                let feed = try feed("random:seed=\(seed),price=\(price),interval=60", desk, [code])
                check(events(feed), code, "seed \(seed), \(code) from \(day)")
            }
        }
    }

    private func check(_ events: [MarketEvent], _ code: Security, _ place: String) {
        var facts: DayFacts?
        var last = MarketTick(time: Instant(nanoseconds: .min), last: .zero)
        var filter = TickFilter(hours: MarketHours())
        for event in events {
            switch event {
            case .facts(_, let today):
                if let before = facts { XCTAssertEqual(today.preClose, last.last, "\(place): \(before.day)") }
                facts = today
                (last.volume, last.amount) = (0, .zero)
            case .tick(_, let tick):
                let size = TradingUnits(of: code, on: facts?.day ?? Day(number: 0))?.tick.units ?? 10_000
                XCTAssertTrue(filter.admits(tick, facts: facts), place)
                XCTAssertEqual(tick.last.units % size, 0, place)
                XCTAssertGreaterThan(tick.time, last.time, place)
                XCTAssertGreaterThanOrEqual(tick.volume, last.volume, place)
                XCTAssertGreaterThanOrEqual(tick.amount, last.amount, place)
                let (bids, asks) = (tick.bids.map(\.price), tick.asks.map(\.price))
                XCTAssertEqual(bids + asks, (asks.reversed() + bids.reversed()).reversed(), place)
                XCTAssertEqual(asks.reversed() + bids, (asks + bids).sorted(by: >), place)
                XCTAssertEqual(Set(asks + bids).count, asks.count + bids.count, place)
                XCTAssertTrue((bids + asks).contains(tick.last), place)
                last = tick
            case .bar: XCTFail("a bar")
            }
        }
        XCTAssertNotNil(facts, place)
    }

    func testADayIsTheSameHoweverItIsEntered() throws {
        let day = Day(number: 18177)
        let long = try feed("random:seed=3,interval=30", desk("2019-09-30 00:00", span: (day - 8)...day), [share])
        let short = try feed("random:seed=3,interval=30", desk("2019-10-08 00:00", span: day...day), [share])
        let whole = ticks(events(short))
        XCTAssertEqual(ticks(events(long)).suffix(whole.count), whole[...])
        XCTAssertEqual(whole.first?.time, shanghai("2019-10-08 09:25"))
        XCTAssertEqual(whole.count, 2 + 4 * 120)
        let last = try XCTUnwrap(whole.last?.time)
        XCTAssertTrue((shanghai("2019-10-08 15:00:01")...shanghai("2019-10-08 15:00:05")).contains(last))
        // By the wall clock from the middle of the day on, beside another code.
        let live = try feed("random:seed=3,interval=30", desk("2019-10-08 10:00:10"), [Security("600000.XSHG"), share])
        let mine = events(live, upTo: shanghai("2019-10-08 16:00")).compactMap { event -> MarketTick? in
            if case .tick(1, let tick) = event { tick } else { nil }
        }
        XCTAssertEqual(mine, whole.filter { $0.time > shanghai("2019-10-08 10:00:10") })
        // Another seed, another market.
        let other = try feed("random:seed=4,interval=30", desk("2019-10-08 00:00", span: day...day), [share])
        XCTAssertNotEqual(ticks(events(other)).map(\.last), whole.map(\.last))
    }

    func testHistoryIsWhatTheTicksWouldHaveMade() throws {
        let day = Day(number: 18177)
        let feed = try feed("random:seed=5,interval=3", desk("2019-09-27 00:00", span: (day - 11)...day), [share])
        var builder = BarBuilder(.minutes5, hours: MarketHours())
        var bars = ticks(events(feed)).flatMap { builder.take($0) }
        let now = shanghai("2019-10-08 11:02")
        bars = bars.filter { $0.end <= now }
        XCTAssertEqual(feed.history(share, .minutes5, count: 60, upTo: now), Array(bars.suffix(60)))
        XCTAssertEqual(feed.history(share, .minutes5, count: 0, upTo: now), [])
        let days = feed.history(share, .day, count: 3, upTo: now)
        XCTAssertEqual(
            days.map(\.end), ["2019-09-26 15:00", "2019-09-27 15:00", "2019-09-30 15:00"].map(shanghai))
        // The last bar of a day is whole only with its closing auction.
        let close = feed.history(share, .minute, count: 1, upTo: shanghai("2019-10-08 15:00"))
        XCTAssertEqual(close.first?.end, shanghai("2019-10-08 14:59"))
    }

    func testWhoSleptHearsTheNewestOnly() throws {
        let feed = try feed("random:seed=1", desk("2019-10-08 10:00"), [share])
        _ = feed.next(upTo: shanghai("2019-10-08 10:00:01"))
        var heard: [MarketTick] = []
        while case .tick(_, let tick)? = feed.next(upTo: shanghai("2019-10-08 12:00")) { heard.append(tick) }
        XCTAssertEqual(heard.count, 1)
        XCTAssertEqual(heard.first?.time, shanghai("2019-10-08 11:30") - .milliseconds(500))
        var events: [MarketEvent] = []
        while let event = feed.next(upTo: shanghai("2019-10-10 10:00")) { events.append(event) }
        guard case .facts(_, let facts)? = events.first else { return XCTFail("no facts") }
        XCTAssertEqual(facts.day, Day("2019-10-10"))
        XCTAssertLessThan(events.count, 10)
        XCTAssertEqual(ticks(events).last?.time, shanghai("2019-10-10 10:00"))
    }

    func testADayIsReplayedAtTheWallClocksPace() throws {
        let start = shanghai("2026-11-21 20:00")
        let feed = try feed("random:seed=1,interval=2,date=2019-10-08", desk("2026-11-21 20:00"), [share])
        guard case .facts? = feed.next(upTo: start) else { return XCTFail("no facts") }
        XCTAssertEqual(ticks([feed.next(upTo: start)].compactMap { $0 }).first?.time, shanghai("2019-10-08 09:25"))
        XCTAssertNil(feed.next(upTo: start + .seconds(1)))
        XCTAssertEqual(feed.nextTime, start + .seconds(2))
        let history = feed.history(share, .minute, count: 1, upTo: start)
        XCTAssertEqual(history.first?.end, shanghai("2019-09-30 15:00"))
        let atOnce = try self.feed("random:interval=0,date=2019-10-08", desk("2026-11-21 20:00"), [share])
        var count = 0
        while atOnce.next(upTo: start) != nil { count += 1 }
        XCTAssertEqual(count, 1 + 2 + 4800)
        XCTAssertNil(atOnce.nextTime)
    }

    func testWrongNamesAndOptionsAreSaid() {
        func problem(_ text: String) -> String {
            do {
                _ = try FeedSpec(text).makeFeed(desk("2019-10-08 10:00", span: Day(number: 1)...Day(number: 2)))
            } catch {
                return "\(error)"
            }
            return ""
        }
        XCTAssertTrue(problem("radnom:seed=7").contains("did you mean \"random\"?"))
        XCTAssertTrue(problem("random:sed=7").contains("option \"sed\": is not known: did you mean \"seed\"?"))
        XCTAssertTrue(problem("random:seed=x").contains("\"x\" is no whole number"))
        XCTAssertTrue(problem("random:price=nan").contains("\"nan\" is no price"))
        XCTAssertTrue(problem("random:interval=-1").contains("\"-1\" is no time"))
        XCTAssertTrue(problem("random:seed=1,seed=2").contains("given twice"))
        XCTAssertTrue(problem("random:date=2019-10-05").contains("closed on 2019-10-05, try 2019-10-08"))
        XCTAssertTrue(problem("csv:").contains("lacks a file or a folder"))
        XCTAssertTrue(problem("follow:x.csv").contains("a backtest needs data of the past"))
        XCTAssertTrue(problem("exec:ls").contains("a backtest needs data of the past"))
        XCTAssertEqual(problem("random"), "")
    }
}
