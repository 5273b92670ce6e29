import Market
import MarketData
import Simulation
import Storage
import XCTest

/// How a file is written, and what must be said of it where that does not tell.
final class CSVFormTests: XCTestCase {
    private let disk = SimulatedDisk()
    private let hours = MarketHours()
    private let header = "datetime,open,high,low,close,volume\n"

    override func setUpWithError() throws { try disk.makeFolder("/d") }

    private func write(_ text: String) throws {
        try disk.replaceFile("/d/f.csv", with: Array(text.utf8), durable: false)
    }

    private func feed(_ text: String) throws -> CSVFeed {
        try write(text)
        let feed = try CSVFeed(path: "/d/f.csv", disk: disk, hours: hours)
        try feed.add(Security("000001.XSHE"), as: 0, now: Instant(nanoseconds: .min))
        return feed
    }

    /// When the next event is, by the market's clock.
    private func next(_ feed: CSVFeed) -> String? { feed.nextTime.map { "\(hours.zone.local($0))" } }

    func testHowAFileIsWrittenIsNamed() throws {
        let names = ["datetime", "open", "high", "low", "close", "volume"]
        for (text, problem) in [
            (Array(names.joined(separator: ";").utf8), "separated by semicolons"),
            (Array(names.joined(separator: "\t").utf8), "separated by tabs"),
            ([0xFF, 0xFE] + names.joined(separator: ",").utf8.flatMap { [$0, 0] as [UInt8] }, "written in UTF-16"),
        ] as [([UInt8], String)] {
            try disk.replaceFile("/d/f.csv", with: text + [0x0A], durable: false)
            XCTAssertThrowsError(try CSVFeed(path: "/d/f.csv", disk: disk, hours: hours)) {
                XCTAssertTrue("\($0)".hasPrefix("/d/f.csv:1: "), "\($0)")
                XCTAssertTrue("\($0)".contains(problem), "\($0)")
            }
        }
    }

    func testATimestampIsATimeWhereNothingElseIs() throws {
        let row = "1704159060,1,1,1,1,1\n1704159120,2,2,2,2,1\n"
        let alone = try feed("timestamp,open,high,low,close,volume\n" + row)
        XCTAssertEqual(alone.unit, .minute)
        XCTAssertEqual(next(alone), "2024-01-02 09:31:00.000")
        let both = try feed("timestamp,datetime,price\n7,2024-01-02 09:31:00,1\n7,2024-01-02 09:31:03,1\n")
        XCTAssertEqual(next(both), "2024-01-02 09:31:00.000")
        XCTAssertEqual(both.takeProblems(), ["/d/f.csv: the column timestamp is not known and not read"])
    }

    /// What too few bars do not tell, whoever names the feed does.
    func testTheUnitCanBeNamed() throws {
        func feed(_ text: String, _ unit: String) throws -> any MarketFeed {
            try write(text)
            let desk = FeedDesk(
                hours: hours, disk: disk, absolutePath: { $0 }, now: Instant(nanoseconds: 0), span: nil, isVirtual: true
            )
            return try FeedSpec("csv:/d/f.csv,unit=\(unit)").makeFeed(desk)
        }
        let sparse = header + "2024-01-02 09:32:00,1,1,1,1,1\n2024-01-02 09:34:00,1,1,1,1,1\n"
        XCTAssertEqual(try feed(sparse, "1m").unit, .minute)
        XCTAssertEqual(try feed(header + "2024-01-02 09:32:00,1,1,1,1,1\n", "1m").unit, .minute)
        for (text, unit, problem) in [
            (sparse, "2m", "there are no bars of unit=2m: they are of 1m, 5m, 15m, 30m, 60m, 1d"),
            (sparse, "30m", "its bars are 2 minutes apart, closer than bars of ,unit=30m can be"),
            ("datetime,price\n2024-01-02 09:32:00,1\n", "1m", "its rows are ticks: leave ,unit=1m out"),
            (header + "2024-01-02,1,1,1,1,1\n", "1m", "its bars are of days: leave ,unit=1m out"),
        ] {
            XCTAssertThrowsError(try feed(text, unit), text) { XCTAssertTrue("\($0)".contains(problem), "\($0)") }
        }
        XCTAssertThrowsError(try self.feed(sparse)) {
            XCTAssertTrue("\($0)".hasSuffix("say how long they are: csv:PATH,unit=1m"), "\($0)")
        }
        XCTAssertEqual(try FeedSpec("exec:print --unit=1m,unit=none at all").unit, nil)
    }
}
