import Market
import MarketData
import Simulation
import TestSupport
import XCTest

final class BarBuilderTests: XCTestCase {
    private let hours = MarketHours()

    /// The end of the bar that a lone tick opens.
    private func end(_ unit: BarUnit, _ time: String, _ hours: MarketHours? = nil) -> Instant? {
        var builder = BarBuilder(unit, hours: hours ?? self.hours)
        _ = builder.take(MarketTick(time: shanghai("2019-10-08 \(time)"), last: Money(units: 100_000)))
        return builder.open?.end
    }

    func testTicksBelongToTheBarThatEndsAfterThem() {
        let table: [(BarUnit, String, String)] = [
            (.minute, "09:15", "09:31"), (.minute, "09:25", "09:31"), (.minute, "09:30", "09:31"),
            (.minute, "09:30:59", "09:31"), (.minute, "09:31", "09:32"), (.minute, "10:00", "10:01"),
            (.minute, "11:29:59", "11:30"), (.minute, "11:30", "11:30"), (.minute, "11:30:59", "11:30"),
            (.minute, "12:59", "13:01"), (.minute, "13:00", "13:01"), (.minute, "14:59:59", "15:00"),
            (.minute, "15:00", "15:00"), (.minute, "15:00:05", "15:00"),
            (.minutes5, "09:25", "09:35"), (.minutes5, "11:30", "11:30"), (.minutes5, "13:00", "13:05"),
            (.minutes15, "09:45", "10:00"), (.minutes30, "10:59:59", "11:00"), (.minutes30, "14:30", "15:00"),
            (.minutes60, "09:25", "10:30"), (.minutes60, "10:30", "11:30"), (.minutes60, "13:00", "14:00"),
            (.minutes60, "14:00", "15:00"), (.minutes60, "15:00:05", "15:00"),
            (.day, "09:25", "15:00"), (.day, "11:30", "15:00"), (.day, "15:00:05", "15:00"),
        ]
        for (unit, time, expected) in table {
            XCTAssertEqual(end(unit, time), shanghai("2019-10-08 \(expected)"), "\(unit) at \(time)")
        }
    }

    func testBarsOfAFuturesDayBeginOnTheEveningBefore() throws {
        let periods = try MarketPeriods([
            ("21:00", "02:30"), ("09:00", "10:15"), ("10:30", "11:30"), ("13:30", "15:00"),
        ])
        let night = MarketHours(periods: periods)
        // 2019-10-11 is a Friday: Monday's night session opens on its evening.
        let table: [(BarUnit, String, String)] = [
            (.minute, "2019-10-11 20:59", "2019-10-11 21:01"), (.minutes60, "2019-10-11 21:00", "2019-10-11 22:00"),
            (.minutes60, "2019-10-12 02:00", "2019-10-14 09:30"), (.minute, "2019-10-12 02:30", "2019-10-12 02:30"),
            (.minutes15, "2019-10-14 10:15", "2019-10-14 10:15"), (.minutes30, "2019-10-14 10:14", "2019-10-14 10:45"),
            (.day, "2019-10-11 21:00", "2019-10-14 15:00"), (.day, "2019-10-14 14:00", "2019-10-14 15:00"),
        ]
        for (unit, time, expected) in table {
            var builder = BarBuilder(unit, hours: night)
            _ = builder.take(MarketTick(time: shanghai(time), last: Money(units: 1)))
            XCTAssertEqual(builder.open?.end, shanghai(expected), "\(unit) at \(time)")
        }
    }

    func testAClosedDayIsCutLikeAnyOther() {
        var builder = BarBuilder(.minutes5, hours: hours)
        _ = builder.take(MarketTick(time: shanghai("2019-10-05 09:31"), last: Money(units: 1)))
        XCTAssertEqual(builder.open?.end, shanghai("2019-10-05 09:35"))
    }

    func testABarHasWhatWasTradedInItOnly() throws {
        var builder = BarBuilder(.minute, hours: hours)
        func tick(_ time: String, _ price: Int64, _ volume: Int64) -> MarketTick {
            MarketTick(
                time: shanghai("2019-10-08 \(time)"), last: Money(units: price), volume: volume,
                amount: Money(units: volume * 10))
        }
        // Nothing is traded at the prices of the auction's beginning.
        XCTAssertEqual(builder.take(tick("09:20", 90, 0)), [])
        XCTAssertEqual(builder.take(tick("09:25", 100, 500)), [])
        XCTAssertEqual(builder.take(tick("09:30", 103, 700)), [])
        XCTAssertEqual(builder.take(tick("09:30:30", 101, 900)), [])
        let first = builder.take(tick("09:31", 102, 1000))
        XCTAssertEqual(
            first,
            [
                MarketBar(
                    end: shanghai("2019-10-08 09:31"), open: Money(units: 100), high: Money(units: 103),
                    low: Money(units: 100), close: Money(units: 101), volume: 900, amount: Money(units: 9000))
            ])
        XCTAssertEqual(builder.open?.volume, 100)
        // A feed that counts from zero again for once does not make anything count twice.
        _ = builder.take(tick("09:31:10", 102, 0))
        _ = builder.take(tick("09:31:20", 102, 1100))
        XCTAssertEqual(builder.open?.volume, 200)
    }

    func testWhoComesInTheMiddleOfTheDayDoesNotCountTheMorning() {
        let tick = MarketTick(time: shanghai("2019-10-08 10:15:30"), last: Money(units: 1), volume: 9000)
        var minutes = BarBuilder(.minute, hours: hours)
        _ = minutes.take(tick)
        XCTAssertEqual(minutes.open?.volume, 0)
        var days = BarBuilder(.day, hours: hours)
        _ = days.take(tick)
        XCTAssertEqual(days.open?.volume, 9000)
    }

    func testTimeAloneEndsABarAndASessionsLastOneWaitsForItsAuction() {
        var builder = BarBuilder(.minute, hours: hours)
        _ = builder.take(MarketTick(time: shanghai("2019-10-08 10:00:30"), last: Money(units: 1)))
        XCTAssertEqual(builder.closesAt, shanghai("2019-10-08 10:01"))
        XCTAssertNil(builder.close(at: shanghai("2019-10-08 10:00:59")))
        XCTAssertNotNil(builder.close(at: shanghai("2019-10-08 10:01")))
        XCTAssertNil(builder.close(at: shanghai("2019-10-08 10:02")))
        _ = builder.take(MarketTick(time: shanghai("2019-10-08 14:59:30"), last: Money(units: 1), volume: 1))
        XCTAssertNil(builder.close(at: shanghai("2019-10-08 15:00")))
        _ = builder.take(MarketTick(time: shanghai("2019-10-08 15:00:04"), last: Money(units: 2), volume: 5))
        XCTAssertEqual(builder.close(at: shanghai("2019-10-08 15:01"))?.close, Money(units: 2))
    }

    func testAGapInTheBarsLosesNone() {
        func bar(_ time: String, _ price: Int64) -> MarketBar {
            let price = Money(units: price)
            return MarketBar(
                end: shanghai("2019-10-08 \(time)"), open: price, high: price, low: price, close: price, volume: 1)
        }
        let bars = [bar("09:31", 1), bar("09:34", 2), bar("09:40", 3), bar("13:01", 4), bar("15:05", 5)]
        let longer = resample(bars, to: .minutes5, hours: hours)
        XCTAssertEqual(
            longer.map(\.end), ["09:35", "09:40", "13:05", "15:00"].map { shanghai("2019-10-08 \($0)") })
        XCTAssertEqual(longer.map(\.close.units), [2, 3, 4, 5])
        XCTAssertEqual(longer.map(\.volume), [2, 1, 1, 1])
        XCTAssertEqual(resample(bars, to: .day, hours: hours).map(\.volume), [5])
    }

    /// From ticks to a length directly, and by way of minutes, the bars are the same.
    func testAnyWayToABarMakesTheSameBar() throws {
        let periods = [
            MarketPeriods.standard,
            try MarketPeriods([("21:00", "23:00"), ("09:00", "10:15"), ("10:30", "11:30"), ("13:30", "15:00")]),
            try MarketPeriods([("09:17", "10:03"), ("10:03", "12:31"), ("13:00", "13:29")]),
        ]
        for seed in TestScale.seeds(20) {
            var random = SeededRandom(seed: seed)
            let hours = MarketHours(periods: periods[Int(seed) % periods.count])
            let ticks = randomTicks(hours, &random)
            let minutes = bars(.minute, ticks, hours)
            for unit in BarUnit.allCases {
                let direct = bars(unit, ticks, hours)
                XCTAssertEqual(resample(minutes, to: unit, hours: hours), direct, "seed \(seed), \(unit)")
                XCTAssertEqual(direct.reduce(0) { $0 + $1.volume }, volume(ticks, hours), "seed \(seed), \(unit)")
            }
        }
    }

    private func randomTicks(_ hours: MarketHours, _ random: inout SeededRandom) -> [MarketTick] {
        var ticks: [MarketTick] = []
        for day in hours.calendar.tradingDays(from: Day(number: 18177), through: Day(number: 18181)) {
            var volume: Int64 = 0
            for session in hours.day(day).sessions {
                var time = session.start
                while time <= session.end {
                    volume += Int64.random(in: 0...9, using: &random)
                    ticks.append(
                        MarketTick(
                            time: time, last: Money(units: .random(in: 90...110, using: &random)), volume: volume,
                            amount: Money(units: volume * 100)))
                    time = time + .milliseconds(.random(in: 500...200_000, using: &random))
                }
            }
        }
        return ticks
    }

    private func bars(_ unit: BarUnit, _ ticks: [MarketTick], _ hours: MarketHours) -> [MarketBar] {
        var builder = BarBuilder(unit, hours: hours)
        var bars = ticks.flatMap { builder.take($0) }
        if let last = builder.open { bars.append(last) }
        return bars
    }

    private func volume(_ ticks: [MarketTick], _ hours: MarketHours) -> Int64 {
        Dictionary(grouping: ticks) { hours.tradingDay(at: $0.time - .seconds(1)) }.values
            .reduce(0) { $0 + ($1.map(\.volume).max() ?? 0) }
    }
}
