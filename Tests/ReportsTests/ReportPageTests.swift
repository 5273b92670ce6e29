import Gates
import Market
import Reports
import XCTest

#if canImport(FoundationXML)
    import FoundationXML
#endif

final class ReportPageTests: XCTestCase {
    private func page(_ history: RunHistory) -> String { reportPage(history, Metrics(history)) }

    private var traded: RunHistory {
        var run = history(start: 10_000, [10_000, 12_000, 9_000])
        run.fills = [fill(0, .buy, 100, at: 10, fees: 5), fill(1, .sell, 100, at: 12, fees: 5)]
        run.prices[Security("000001.XSHE")] = (0..<3).map {
            RunHistory.PricePoint(time: close($0), price: yuan(10 + Double($0)))
        }
        run.orders = 2
        return run
    }

    /// Every element is closed and every attribute quoted, so that any browser reads it the same way.
    private func assertWellFormed(_ page: String, _ line: UInt = #line) {
        let parser = XMLParser(data: Data(page.utf8))
        XCTAssertTrue(
            parser.parse(), "line \(parser.lineNumber): \(String(describing: parser.parserError))", line: line)
        for word in ["NaN", "nan%", "inf%", "Optional("] { XCTAssertFalse(page.contains(word), word, line: line) }
    }

    func testThePageShowsFiguresTradesAndMonths() {
        let text = page(traded)
        assertWellFormed(text)
        for part in [
            "−10.00%", "10,000.00 → 9,000.00", "2024-01-02 to 2024-01-04, 3 trading days", "25.00%", "1 bought",
            "1 sold",
            "2024-01-03 15:00:00", "+190.00", "Deepest fall",
        ] { XCTAssertTrue(text.contains(part), part) }
    }

    func testThePageNeedsNothingFromElsewhere() {
        let text = page(traded)
        for word in ["http", "<script", "src=", "@import", "url("] { XCTAssertFalse(text.contains(word), word) }
    }

    func testNothingThatIsNamedByOthersIsTakenForHTML() {
        var run = traded
        run.title = "<script>alert('1')</script> & \"co\"\u{1}"
        run.mode = "<i>"
        run.marketData = "csv:</dd><b>"
        run.parameters = [.init(name: "<u>", value: "a\nb\u{7}&amp;")]
        run.fills.append(fill(2, .buy, 1, at: 1, code: "<s>"))
        let text = page(run)
        assertWellFormed(text)
        for word in ["<script", "<i>", "<u>", "<s>", "</dd><b>"] { XCTAssertFalse(text.contains(word), word) }
        XCTAssertTrue(text.contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;co&quot;"))
        XCTAssertTrue(text.contains("a b&amp;amp;"))
    }

    func testRunsThatAreHardlyAnyStillHaveAPage() {
        var flat = history(start: 0, [0])
        flat.prices[Security("000001.XSHE")] = [.init(time: close(0), price: .zero)]
        var early = history(start: 100, [])
        early.fills = [fill(0, .buy, 100, at: 10)]
        var night = history(start: 100, [100, 101])
        night.points[1].time = close(0) + .seconds(6 * 3600)
        var huge = history(start: 900_000_000_000, [-900_000_000_000, 1])
        huge.fills = [fill(0, .sell, .max, at: 900_000_000_000), fill(1, .buy, .max, at: 0)]
        for run in [history(start: 100, []), history(start: 100, [100]), flat, early, night, huge] {
            assertWellFormed(page(run))
        }
        XCTAssertTrue(page(history(start: 100, [100])).contains("Nothing was traded."))
    }

    func testAMillionBarsAndFiftyThousandFillsStaySmall() {
        var run = history(start: 1_000_000, (0..<4_167).map { 1_000_000 + Double($0 * 7_919 % 100_003) })
        var curve = PriceCurve()
        for minute in 0..<1_000_000 {
            curve.add(close(0) + .seconds(Int64(minute) * 360), yuan(10 + Double(minute * 31 % 997) / 100))
        }
        for number in 0..<8 { run.prices[Security("60000\(number).XSHG")] = curve.points }
        run.fills = (0..<50_000).map { number in
            fill(
                number * 4_167 / 50_000, number.isMultiple(of: 16) ? .buy : .sell, 100, at: 10,
                code: "60000\(number % 8).XSHG")
        }
        let text = page(run)
        XCTAssertLessThan(text.utf8.count, 2_000_000)
        XCTAssertTrue(text.contains("The last 500 of 50,000 fills; <code>run_backtest --trades FILE.csv</code>"))
        assertWellFormed(text)
    }

    func testAPageThatIsKeptFreshAsksTheBrowserToReadItAgain() {
        let run = traded
        XCTAssertTrue(
            reportPage(run, Metrics(run), refresh: 10).contains(#"<meta http-equiv="refresh" content="10"/>"#))
        XCTAssertFalse(page(run).contains("refresh"))
    }

    func testMonthsAndYearsGainFromTheEndOfTheOneBefore() {
        var run = history(start: 100, [])
        for (date, value) in [("2023-11-30", 110.0), ("2023-12-29", 99), ("2024-01-31", 118.8)] {
            guard let day = Day(date) else { return XCTFail(date) }
            run.points.append(
                EquityPoint(
                    time: MarketZone.shanghai.instant(day, TimeOfDay(15, 0)), day: day, equity: yuan(value), cash: .zero
                ))
        }
        let text = page(run)
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("<tr><th>20") }.map { row in
            row.split(separator: "<").filter { $0.hasPrefix("td class=\"heat") }.map {
                $0.drop { $0 != ">" }.dropFirst()
            }
        }
        XCTAssertEqual(rows, [["10.0", "−10.0", "−1.0"], ["20.0", "20.0"]])
    }
}
