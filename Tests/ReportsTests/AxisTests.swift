import Market
import Simulation
import XCTest

@testable import Reports

final class AxisTests: XCTestCase {
    private func labels(_ range: ClosedRange<Double>) -> [String] {
        let axis = ValueAxis(covering: range)
        return axis.ticks.map(axis.label)
    }

    func testValuesAreMarkedAtRoundNumbers() {
        XCTAssertEqual(labels(970_500...1_057_000), ["980,000", "1,000,000", "1,020,000", "1,040,000", "1,060,000"])
        XCTAssertEqual(labels(9.94...10.15), ["9.95", "10.00", "10.05", "10.10", "10.15"])
        XCTAssertEqual(labels(-3...7), ["−2.5", "0.0", "2.5", "5.0"])
        XCTAssertEqual(labels(23_100_000...25_000_000), ["23.5M", "24.0M", "24.5M", "25.0M"])
        XCTAssertEqual(labels(10...10), ["9.98", "9.99", "10.00", "10.01", "10.02"])
    }

    func testAnyRangeHasAFewDifferentMarksThatLieInIt() {
        let seed: UInt64 = 20_240_102
        var random = SeededRandom(seed: seed)
        for _ in 0..<2_000 {
            let size = (0..<Int.random(in: 0...14, using: &random)).reduce(0.01) { size, _ in size * 10 }
            let values = [
                Double.random(in: -size...size, using: &random), Double.random(in: -size...size, using: &random),
            ]
            let range = min(values[0], values[1])...max(values[0], values[1])
            let axis = ValueAxis(covering: range)
            let about = "seed \(seed), \(range)"
            XCTAssertTrue((2...8).contains(axis.ticks.count), "\(about): \(axis.ticks)")
            XCTAssertEqual(
                Set(axis.ticks.map(axis.label)).count, axis.ticks.count, "\(about): \(axis.ticks.map(axis.label))")
            XCTAssertTrue(
                axis.ticks.allSatisfy { axis.low - size * 1e-6 <= $0 && $0 <= axis.high + size * 1e-6 }, about)
            XCTAssertTrue(axis.low <= range.lowerBound && range.upperBound <= axis.high, about)
        }
    }

    func testACurveIsThinnedButKeepsEveryPeakAndHole() {
        let curve = Curve(
            (0..<200_000).map { Curve.Point(x: Double($0) / 200_000, y: $0 == 71_003 ? -5 : $0 == 150_001 ? 9 : 1) })
        XCTAssertLessThan(curve.points.count, 2_100)
        XCTAssertEqual(curve.range, -5...9)
        XCTAssertEqual(curve.points.last?.x, 199_999.0 / 200_000)
        XCTAssertEqual(curve.points.map(\.x), curve.points.map(\.x).sorted())
    }

    func testAWeekendIsAsWideAsANight() {
        // Thursday, Friday, Monday.
        var run = RunHistory(title: "", mode: "", start: .zero)
        for day in [2, 3, 6] {
            run.points.append(EquityPoint(time: close(day), day: firstDay + day, equity: .zero, cash: .zero))
        }
        let axis = TimeAxis(run)
        XCTAssertEqual([2, 3, 6].map { axis.position(close($0)) }, [1.0 / 3, 2.0 / 3, 1])
        XCTAssertEqual(axis.ticks().map(\.label), ["01-04", "01-05", "01-08"])
    }

    func testTheNoonBreakTakesNextToNoRoomAndItsHoursAreNotMarked() {
        var run = RunHistory(title: "", mode: "", start: .zero)
        for minute in (1...120).map({ 570 + $0 }) + (1...120).map({ 780 + $0 }) {
            let time = MarketZone.shanghai.instant(firstDay, TimeOfDay(0, minute))
            run.points.append(EquityPoint(time: time, day: firstDay, equity: .zero, cash: .zero))
        }
        let axis = TimeAxis(run)
        XCTAssertEqual(axis.ticks().map(\.label), ["10:00", "11:00", "13:00", "14:00", "15:00"])
        let noon = [TimeOfDay(11, 30), TimeOfDay(13, 1)].map {
            axis.position(MarketZone.shanghai.instant(firstDay, $0))
        }
        XCTAssertEqual(noon[1] - noon[0], 5.0 / 248, accuracy: 1e-9)
    }

    func testLongRunsAreMarkedAtMonthsAndLongerOnesAtYears() {
        func marks(_ days: Int) -> [String] {
            TimeAxis(history(start: 1, Array(repeating: 1, count: days))).ticks().map(\.label)
        }
        XCTAssertEqual(marks(91), ["2024-01", "2024-02", "2024-03", "2024-04"])
        XCTAssertEqual(marks(366), ["2024-01", "2024-04", "2024-07", "2024-10", "2025-01"])
        XCTAssertEqual(marks(3_600), ["2024", "2026", "2028", "2030", "2032"])
    }
}
