import Foundation
import Market
import MarketData
import Simulation
import Storage
import XCTest

/// Files and folders as feeds.
final class CSVFeedTests: XCTestCase {
    private var disk = SimulatedDisk()
    private let hours = MarketHours()
    private let one = Security("000001.XSHE")
    private let two = Security("600000.XSHG")
    private let start = Instant(nanoseconds: 0)
    private let header = "datetime,open,high,low,close,volume\n"

    override func setUpWithError() throws {
        disk = SimulatedDisk()
        try disk.makeFolder("/d")
    }

    private func write(_ text: String, _ name: String = "f.csv") throws {
        try disk.replaceFile("/d/" + name, with: Array(text.utf8), durable: false)
    }

    private func feed(_ text: String, span: ClosedRange<Day>? = nil) throws -> CSVFeed {
        try write(text)
        return try CSVFeed(path: "/d/f.csv", disk: disk, hours: hours, span: span)
    }

    private func at(_ clock: String, _ day: String = "2024-01-02") throws -> Instant {
        let day = try XCTUnwrap(Day(day))
        return hours.zone.instant(day, try TimeOfDay(clock: clock))
    }

    private func events(_ feed: CSVFeed, upTo now: Instant = Instant(nanoseconds: .max)) -> [MarketEvent] {
        var events: [MarketEvent] = []
        while let event = feed.next(upTo: now) { events.append(event) }
        return events
    }

    private func closes(_ feed: CSVFeed) -> [String] {
        events(feed).map { event in
            switch event {
            case .bar(let number, let bar): "\(number) \(hours.zone.local(bar.end).time) \(bar.close)"
            case .tick(let number, let tick): "\(number) \(hours.zone.local(tick.time).time) \(tick.last)"
            case .facts(let number, let facts): "\(number) \(facts.day) \(facts.preClose?.description ?? "-")"
            }
        }
    }

    // MARK: Wrong rows

    func testEachWrongRowIsNamedByFileAndLineWithWhatIsWrong() throws {
        let good = "2024-01-02 09:31:00,1,1,1,1,100\n"
        for (row, sentence) in [
            ("2024-13-02 09:31:00,1,1,1,1,1", "\"2024-13-02 09:31:00\" is no time (column datetime)"),
            ("2024-01-02 24:31:00,1,1,1,1,1", "\"2024-01-02 24:31:00\" is no time"),
            ("2024-01-02 09:61:00,1,1,1,1,1", "is no time"),
            (",1,1,1,1,1", "\"\" is no time"),
            ("2024-01-02 09:32:00,x,1,1,1,1", "\"x\" is no number (column open)"),
            ("2024-01-02 09:32:00,1,1,1,1.2.3,1", "\"1.2.3\" is no number (column close)"),
            ("2024-01-02 09:32:00,1,1,1,1", "5 fields where the header has 6"),
            ("2024-01-02 09:32:00,1,1,1,1,1,1", "7 fields where the header has 6"),
            ("2024-01-02 09:32:00,1,0.5,0.9,1,1", "low 0.9 is above high 0.5"),
            ("2024-01-02 09:32:00,3,2,1,1,1", "open 3 is not between low 1 and high 2"),
            ("2024-01-02 09:32:00,1,2,1,2.5,1", "close 2.5 is not between"),
            ("2024-01-02 09:32:00,1,,1,1,1", "high is missing"),
            ("2024-01-02 09:32:00,1,1,1,1,-1", "the volume -1 is negative"),
            ("2024-01-02 09:32:00,\"1,1,1,1,1", "a quote is opened and not closed"),
            ("2024-01-02 09:32:00,1,1e18,1,1,1", "is not a number that can be held (column high)"),
            ("2024-01-02 09:31:00,1,1,1,1,1", "this time stands in the row before already"),
            ("2024-01-02 09:32:00,1,1,1,1,1\n2024-01-02 09:30:00,1,1,1,1,1", "/d/f.csv:4: the rows are not in order"),
        ] {
            XCTAssertThrowsError(try feed(header + good + row + "\n"), row) { error in
                XCTAssertTrue("\(error)".hasPrefix("/d/f.csv:"), "\(error)")
                XCTAssertTrue("\(error)".contains(sentence), "\(row): \(error)")
                if !sentence.hasPrefix("/d") { XCTAssertTrue("\(error)".hasPrefix("/d/f.csv:3: "), "\(error)") }
            }
        }
    }

    func testHeadersThatMakeNoMarketData() throws {
        for (header, sentence) in [
            ("", "the file is empty"),
            ("a,b", "no column datetime, date or time"),
            ("datetime,volume", "names no prices"),
            ("datetime,open,high,close,volume", "has no column low"),
            ("datetime,open,high,low,close", "has no column volume"),
            ("datetime,price,last", "price and last mean the same"),
        ] {
            XCTAssertThrowsError(try feed(header + "\n"), header) { XCTAssertTrue("\($0)".contains(sentence), "\($0)") }
        }
        XCTAssertThrowsError(try CSVFeed(path: "/d/none.csv", disk: disk, hours: hours)) {
            XCTAssertTrue("\($0)".contains("no such file"), "\($0)")
        }
    }

    // MARK: What a file may look like

    func testTheSameBarsInEveryDress() throws {
        let plain = "2024-01-02 09:31:00,1,3,0.5,2,100\n2024-01-02 09:32:00,2,2,2,2,0\n"
        let expected = try closes(added(feed(header + plain)))
        XCTAssertEqual(expected, ["0 09:31:00 2", "0 09:32:00 2"])
        for (name, text) in [
            ("carriage returns", (header + plain).replacingOccurrences(of: "\n", with: "\r\n")),
            ("a mark", "\u{FEFF}" + header + plain),
            ("no last newline", String((header + plain).dropLast())),
            ("descending", header + "2024-01-02 09:32:00,2,2,2,2,0\n2024-01-02 09:31:00,1,3,0.5,2,100\n"),
            ("quotes", header + "\"2024-01-02 09:31:00\",\"1\",3,0.5,2,100\n2024/1/2 9:32,2,2,2,2,0\n"),
            ("forms", header + "20240102093100,1.0,3.00,.5,2,1e2\n2024-01-02T01:32:00Z,2,2,2,2,0.0\n"),
            ("empty lines", header + plain + "\n\n"),
            ("names", "VOLUME,Close,low,HIGH,open,DateTime,junk\n100,2,0.5,3,1,1704159060,x\n0,2,2,2,2,1704159120,\n"),
            ("an index", "" + header.dropFirst(8) + plain),
        ] {
            let feed = try added(feed(text))
            XCTAssertEqual(feed.unit, .minute, name)
            XCTAssertEqual(closes(feed), expected, name)
        }
    }

    private func added(_ feed: CSVFeed) throws -> CSVFeed {
        try feed.add(one, as: 0, now: start)
        return feed
    }

    func testAHeaderInGBK() throws {
        let names: [UInt8] = Array("datetime,open,high,low,close,volume,".utf8) + [0xBB, 0xBB, 0xCA, 0xD6, 0x0A]
        let rows = "2024-01-02,1,1,1,1,1,0.5\n2024-01-03,1,1,1,1,1,0.5\n"
        try disk.replaceFile("/d/f.csv", with: names + Array(rows.utf8), durable: false)
        let feed = try added(CSVFeed(path: "/d/f.csv", disk: disk, hours: hours))
        XCTAssertEqual(feed.takeProblems(), ["/d/f.csv: the column 换手 is not known and not read"])
        XCTAssertEqual(feed.takeProblems(), [])
        XCTAssertEqual(feed.unit, .day)
        XCTAssertEqual(closes(feed), ["0 15:00:00 1", "0 15:00:00 1"])
    }

    func testTheUnitComesFromTheDistances() throws {
        for unit in BarUnit.allCases {
            guard let minutes = unit.minutes else { continue }
            let times = [TimeOfDay(13, minutes % 60) + minutes / 60 * 3600, TimeOfDay(13, 0) + minutes * 120]
            let rows = times.map { "2024-01-02 \($0),1,1,1,1,1\n" }.joined()
            XCTAssertEqual(try feed(header + rows).unit, unit)
        }
        XCTAssertEqual(
            try feed(header + "2024-01-02 00:00:00,1,1,1,1,1\n2024-01-05 00:00:00,1,1,1,1,1\n").unit, .day)
        XCTAssertThrowsError(try feed(header + "2024-01-02 09:32:00,1,1,1,1,1\n2024-01-02 09:34:00,1,1,1,1,1\n")) {
            XCTAssertTrue("\($0)".contains("2 minutes apart"), "\($0)")
        }
        XCTAssertThrowsError(try feed(header + "2024-01-02 09:32:00,1,1,1,1,1\n")) {
            XCTAssertTrue("\($0)".contains("one bar does not tell"), "\($0)")
        }
    }

    func testAHeaderAloneIsNotCalledTicks() throws {
        let ticks = "datetime,price\n"
        for (text, kind) in [(header, "bars"), (String(header.dropLast()), "bars"), (ticks, "ticks")] {
            let feed = try feed(text)
            XCTAssertEqual(feed.summary, "csv:/d/f.csv (no rows, only a header of \(kind))")
            XCTAssertNil(feed.span)
        }
        XCTAssertEqual(try feed(ticks + "2024-01-02 09:31:00,1\n").contents, "ticks")
        let rows = "2024-01-02 09:31:00,1,1,1,1,1\n2024-01-02 09:32:00,1,1,1,1,1\n"
        try disk.makeFolder("/d/folder")
        try write(header, "folder/000001.XSHE.csv")
        try write(header + rows, "folder/600000.XSHG.csv")
        XCTAssertEqual(
            try CSVFeed(path: "/d/folder", disk: disk, hours: hours).unit?.rawValue, "1m", "the second file tells it")
    }

    func testDailyBarsAtMidnightAreStampedAtTheClose() throws {
        let feed = try added(feed(header + "2024-01-02 00:00:00,1,1,1,1,1\n2024-01-03 00:00:00,1,1,1,1,1\n"))
        XCTAssertEqual(feed.nextTime, try at("15:00"))
    }

    func testARowWithoutPricesIsNoBar() throws {
        let feed = try added(
            feed(
                "date,open,high,low,close,volume,paused,pre_close\n2024-01-02,1,1,1,1,1,0,1\n2024-01-03,,,,,,1,1\n"
                    + "2024-01-04,0,0,0,0,0,1.0,\n2024-01-05,nan,NaN,nan,nan,nan,True,nan\n"))
        XCTAssertEqual(
            closes(feed),
            ["0 2024-01-02 1", "0 15:00:00 1", "0 2024-01-03 1", "0 2024-01-04 -", "0 2024-01-05 -"])
    }

    // MARK: Several codes, days, spans

    func testCodesComeInOrderOfTimeThenNumber() throws {
        try write(
            "code,datetime,open,high,low,close,volume\n000001.XSHE,2024-01-02 09:31:00,1,1,1,1,1\n"
                + "600000.XSHG,2024-01-02 09:31:00,2,2,2,2,1\n000001.XSHE,2024-01-02 09:32:00,3,3,3,3,1\n"
                + "600000.XSHG,2024-01-02 09:33:00,4,4,4,4,1\n")
        let feed = try CSVFeed(path: "/d/f.csv", disk: disk, hours: hours)
        try feed.add(two, as: 0, now: start)
        try feed.add(one, as: 1, now: start)
        XCTAssertEqual(closes(feed), ["0 09:31:00 2", "1 09:31:00 1", "1 09:32:00 3", "0 09:33:00 4"])
        XCTAssertNil(feed.nextTime)
        XCTAssertThrowsError(try feed.add(Security("X"), as: 2, now: start)) {
            XCTAssertTrue("\($0)".contains("no data of X: the codes are 000001.XSHE, 600000.XSHG"), "\($0)")
        }
    }

    func testBarsAreShownInOnePieceAsFarAsNothingElseComesBetween() throws {
        func row(_ code: String, _ minute: Int) -> String { "\(code),2024-01-02 09:\(minute):00,1,1,1,1,\(minute)\n" }
        try write(
            "code,datetime,open,high,low,close,volume\n"
                + [31, 32, 33, 34, 35, 36].map { row("000001.XSHE", $0) }.joined()
                + row("600000.XSHG", 34) + row("600000.XSHG", 39) + row("600000.XSHG", 40))
        let feed = try CSVFeed(path: "/d/f.csv", disk: disk, hours: hours)
        XCTAssertNil(feed.comingBars)
        try feed.add(one, as: 0, now: start)
        XCTAssertEqual(feed.comingBars?.bars.map(\.volume), [31, 32, 33, 34, 35, 36])
        try feed.add(two, as: 1, now: start)
        XCTAssertEqual(feed.comingBars?.bars.map(\.volume), [31, 32, 33], "not the one of another's instant")
        XCTAssertEqual(feed.comingBars?.number, 0)
        feed.passBars(2)
        XCTAssertEqual(feed.nextTime, try at("09:33"))
        XCTAssertNil(feed.comingBars, "a single bar is no run")
        XCTAssertEqual(events(feed, upTo: try at("09:36")).count, 5)
        XCTAssertEqual(feed.comingBars?.number, 1)
        feed.passBars(2)
        XCTAssertNil(feed.nextTime)
        XCTAssertNil(feed.comingBars)
    }

    func testARunEndsBeforeTheFactsOfTheNextDay() throws {
        let rows = ["02", "03"].map { day in
            (31...33).map { "2024-01-\(day) 09:\($0):00,1,1,1,1,\($0),\(day)\n" }.joined()
        }
        let feed = try added(feed("datetime,open,high,low,close,volume,pre_close\n" + rows.joined()))
        XCTAssertNil(feed.comingBars, "the day's facts come first")
        XCTAssertEqual(events(feed, upTo: try at("09:31")).count, 2)
        XCTAssertEqual(feed.comingBars?.bars.map(\.volume), [32, 33])
    }

    func testAFolderOfOneFilePerCodeReadsOnlyWhatIsAskedFor() throws {
        let rows = "2024-01-02 09:31:00,1,1,1,1,1\n2024-01-02 09:32:00,1,1,1,1,1\n"
        try write(header + rows, "000001.XSHE.csv")
        try write(header + "not a row\n" + rows, "600000.XSHG.csv")
        let feed = try CSVFeed(path: "/d", disk: disk, hours: hours)
        XCTAssertEqual(feed.summary, "csv:/d (1m bars of 2 codes, 2024-01-02 to 2024-01-02)")
        XCTAssertEqual(closes(try added(feed)).count, 2)
        XCTAssertThrowsError(try feed.add(two, as: 1, now: start)) {
            XCTAssertTrue("\($0)".hasPrefix("/d/600000.XSHG.csv:2: the line has 1 fields"), "\($0)")
        }
    }

    func testFilesOfDaysAreOneSeries() throws {
        let header = "code," + self.header
        try write(header + "000001.XSHE,2024-01-03 09:31:00,3,3,3,3,1\n", "b.csv")
        try write(
            header + "000001.XSHE,2024-01-02 09:31:00,1,1,1,1,1\n000001.XSHE,2024-01-02 09:32:00,2,2,2,2,1\n", "c.csv")
        let feed = try added(CSVFeed(path: "/d", disk: disk, hours: hours))
        XCTAssertEqual(closes(feed), ["0 09:31:00 1", "0 09:32:00 2", "0 09:31:00 3"])
        try write(header + "000001.XSHE,2024-01-02 09:32:00,3,3,3,3,1\n", "d.csv")
        XCTAssertThrowsError(try CSVFeed(path: "/d", disk: disk, hours: hours)) {
            XCTAssertTrue("\($0)".contains("times overlap"), "\($0)")
        }
    }

    func testOnlyTheDaysOfTheSpanAreToldAndTheRestIsHistory() throws {
        let rows = (2...5).map { "2024-01-0\($0),\($0),\($0),\($0),\($0),1\n" }.joined()
        let days = Day("2024-01-03")!...Day("2024-01-04")!
        let feed = try added(feed("date,open,high,low,close,volume\n" + rows, span: days))
        XCTAssertEqual(feed.span?.lowerBound, try at("00:00", "2024-01-03"))
        XCTAssertEqual(feed.span?.upperBound, try at("00:00", "2024-01-05") - TimeSpan(nanoseconds: 1))
        XCTAssertEqual(closes(feed), ["0 15:00:00 3", "0 15:00:00 4"])
        let before = feed.history(one, .day, count: 9, upTo: try at("09:00", "2024-01-03"))
        XCTAssertEqual(before.map(\.close.yuan), [2])
    }

    func testNothingIsToldBeforeItsTimeNorTwice() throws {
        let rows = "2024-01-02 09:31:00,1,1,1,1,1\n2024-01-02 09:32:00,2,2,2,2,1\n2024-01-02 09:33:00,3,3,3,3,1\n"
        let feed = try feed(header + rows)
        try feed.add(one, as: 0, now: at("09:31"))
        XCTAssertEqual(feed.nextTime, try at("09:32"))
        XCTAssertEqual(events(feed, upTo: try at("09:31:59")).count, 0)
        XCTAssertEqual(events(feed, upTo: try at("09:32")).count, 1)
        XCTAssertEqual(closes(feed), ["0 09:33:00 3"])
    }

    func testWhoBeginsInTheMiddleOfADayIsToldItsFactsFirst() throws {
        let feed = try feed(
            "datetime,open,high,low,close,volume,pre_close\n2024-01-02 09:31:00,1,1,1,1,1,5\n"
                + "2024-01-03 09:31:00,2,2,2,2,1,6\n2024-01-03 09:32:00,3,3,3,3,1,6\n")
        try feed.add(one, as: 0, now: at("09:31:30", "2024-01-03"))
        XCTAssertEqual(closes(feed), ["0 2024-01-03 6", "0 09:32:00 3"])
    }

    func testBarsOnAClosedDayAreFedAndThatIsSaidOnce() throws {
        let feed = try feed("date,open,high,low,close,volume\n2024-02-09,1,1,1,1,1\n2024-02-10,2,2,2,2,1\n")
        try feed.add(one, as: 0, now: start)
        try feed.add(two, as: 1, now: start)
        XCTAssertEqual(events(feed).count, 4)
        let problems = feed.takeProblems()
        XCTAssertEqual(problems.count, 1)
        XCTAssertTrue(problems[0].contains("on 2 days, the first of them 2024-02-09"), problems[0])
    }
}
