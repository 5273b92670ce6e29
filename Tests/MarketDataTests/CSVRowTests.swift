import Market
import MarketData
import XCTest

/// One row at a time, in every form that a column may have.
final class CSVRowTests: XCTestCase {
    private func reader(_ header: String) throws -> CSVRowReader {
        let reader = CSVRowReader(file: "f.csv", hours: MarketHours())
        let bytes = Array(header.utf8)
        try reader.readHeader(bytes.indices, of: bytes)
        return reader
    }

    private func row(_ header: String, _ line: String) throws -> CSVRow? {
        let bytes = Array(line.utf8)
        return try reader(header).row(bytes.indices, of: bytes, line: 2)
    }

    private func time(_ text: String) throws -> Instant { try XCTUnwrap(Instant(utc: text)) }

    private func yuan(_ text: Double) -> Money { Money(text) ?? .zero }

    func testTimesInEveryForm() throws {
        let expected = try time("2024-01-02T01:31:00Z")
        for text in [
            "2024-01-02 09:31:00", "2024-1-2 9:31", "2024/1/2 9:31", "2024/01/02 09:31:00", "2024.01.02 09:31",
            "20240102093100", "202401020931", "20240102093100000", "2024-01-02T09:31:00", "2024-01-02T01:31:00Z",
            "2024-01-02T09:31:00+08:00", "2024-01-02T09:31:00.000+0800", "2024-01-01T20:31-05", "1704159060",
            "1704159060.0", "1704159060000", "\"2024-01-02 09:31:00\"", " 2024-01-02 09:31:00 ",
        ] {
            let row = try XCTUnwrap(try row("datetime,open,high,low,close,volume", "\(text),1,1,1,1,0"), text)
            guard case .bar(let bar) = row.content else { return XCTFail(text) }
            XCTAssertEqual(bar.end, expected, text)
            XCTAssertFalse(row.isDaily, text)
        }
    }

    func testDateAndTimeInTwoColumns() throws {
        for (date, clock) in [
            ("2024-01-02", "09:31:00"), ("2024/1/2", "9:31"), ("20240102", "93100"), ("20240102", "0931"),
            ("20240102", "093100.000"), ("2024-01-02 09:31:00", ""),
        ] {
            let row = try row("Time,DATE,price", "\(clock),\(date),1")
            guard case .tick(let tick) = row?.content else { return XCTFail(date) }
            XCTAssertEqual(tick.time, try time("2024-01-02T01:31:00Z"), "\(date) \(clock)")
        }
    }

    func testADateAloneIsADailyBarStampedAtTheClose() throws {
        for text in ["2024-01-02", "2024/1/2", "20240102"] {
            let row = try XCTUnwrap(try row("date,open,high,low,close,volume", "\(text),1,1,1,1,0"))
            guard case .bar(let bar) = row.content else { return XCTFail(text) }
            XCTAssertEqual(bar.end, try time("2024-01-02T07:00:00Z"))
            XCTAssertTrue(row.isDaily)
        }
    }

    func testATickWithItsBook() throws {
        let row = try row(
            "symbol,datetime,Current,bid1,bid1_volume,b2_p,b2_v,ask1,ask1_volume,money,volume,pre_close,high_limit,paused",
            "000001.XSHE,2024-01-02 09:30:03.5,10.01,10,300,9.99,1e3,10.02,500.0,123456.78,1.2e5,9.5,10.45,0")
        let tick = MarketTick(
            time: try time("2024-01-02T01:30:03.500000000Z"), last: yuan(10.01), volume: 120_000,
            amount: yuan(123456.78),
            bids: [.init(price: yuan(10), volume: 300), .init(price: yuan(9.99), volume: 1000)],
            asks: [.init(price: yuan(10.02), volume: 500)])
        XCTAssertEqual(row?.content, .tick(tick))
        XCTAssertEqual(row?.code, Security("000001.XSHE"))
        XCTAssertEqual(
            row?.facts,
            DayFacts(day: Day(year: 2024, month: 1, day: 2)!, preClose: yuan(9.5), highLimit: yuan(10.45)))
    }

    func testPricesAreRoundedExactly() throws {
        for (text, units) in [
            ("10.00005", 100_001), ("10.000049999999999999999", 100_000), ("1e1", 100_000), ("+10", 100_000),
            ("0.1", 1000), (".5", 5000), ("-1.00005", -10_001), ("2.675", 26_750),
            ("9007199254740.9930", 90071992547409930),
        ] as [(String, Int64)] {
            let row = try row("datetime,price", "2024-01-02 09:31:00,\(text)")
            guard case .tick(let tick) = row?.content else { return XCTFail(text) }
            XCTAssertEqual(tick.last.units, units, text)
        }
    }
}
