import Foundation
import Market
import MarketData
import Simulation
import Storage
import TestSupport
import XCTest

/// History, and the file of bars that many runs share.
final class CSVHistoryTests: XCTestCase {
    private let hours = MarketHours()
    private let code = Security("000001.XSHE")

    /// Three days of minutes whose closes count up from 1.
    private func text() throws -> String {
        var text = "datetime,open,high,low,close,volume,pre_close,paused\n"
        var price = 0
        for number in 2...4 {
            let day = try XCTUnwrap(Day(year: 2024, month: 1, day: number))
            for minute in 1...240 {
                price += 1
                let clock = minute <= 120 ? TimeOfDay(9, 30) + minute * 60 : TimeOfDay(13, 0) + (minute - 120) * 60
                text += "\(day) \(clock),\(price),\(price).5,\(price),\(price),100,\(number),0\n"
            }
        }
        return text
    }

    private func feed(_ text: String) throws -> CSVFeed {
        let disk = SimulatedDisk()
        try disk.replaceFile("/f.csv", with: Array(text.utf8), durable: false)
        return try CSVFeed(path: "/f.csv", disk: disk, hours: hours)
    }

    func testHistoryIsNeverLaterThanNowInAnyUnit() throws {
        let feed = try feed(try text())
        let day = try XCTUnwrap(Day("2024-01-04"))
        for seconds in stride(from: 9 * 3600, to: 16 * 3600, by: 97) {
            let now = hours.zone.instant(day, TimeOfDay(seconds: Int32(seconds)))
            for unit in BarUnit.allCases {
                let bars = feed.history(code, unit, count: 1000, upTo: now)
                XCTAssertTrue(bars.allSatisfy { $0.end <= now }, "\(unit) at \(hours.zone.local(now))")
                let known = feed.history(code, .minute, count: 1000, upTo: now)
                XCTAssertLessThanOrEqual(bars.last?.close ?? .zero, known.last?.close ?? .zero)
                XCTAssertEqual(feed.history(code, unit, count: 2, upTo: now), Array(bars.suffix(2)), "\(unit)")
            }
        }
    }

    func testLongerBarsAreWholeAndAlignedToTheSessions() throws {
        let feed = try feed(try text())
        let day = try XCTUnwrap(Day("2024-01-04"))
        let now = hours.zone.instant(day, TimeOfDay(14, 31))
        let hour = feed.history(code, .minutes60, count: 3, upTo: now)
        XCTAssertEqual(hour.map { "\(hours.zone.local($0.end).time)" }, ["10:30:00", "11:30:00", "14:00:00"])
        XCTAssertEqual(hour.map(\.open.yuan), [481, 541, 601])
        XCTAssertEqual(hour.map(\.volume), [6000, 6000, 6000])
        let days = feed.history(code, .day, count: 5, upTo: now)
        XCTAssertEqual(days.map(\.close.yuan), [240, 480])
    }

    func testALongerBarWhoseLastPieceHasNotArrivedIsNoClosedBar() throws {
        let lines = try text().split(separator: "\n").map(String.init)
        let day = try XCTUnwrap(Day("2024-01-02"))
        func quarters(without last: String, at clock: String) throws -> [String] {
            let feed = try feed(lines.filter { !$0.hasPrefix("2024-01-02 \(last)") }.joined(separator: "\n") + "\n")
            let now = hours.zone.instant(day, try TimeOfDay(clock: clock))
            return feed.history(code, .minutes15, count: 2, upTo: now).map { "\(hours.zone.local($0.end).time)" }
        }
        XCTAssertEqual(
            try quarters(without: "09:59", at: "10:00:00"), ["09:45:00", "10:00:00"], "the last one is there")
        XCTAssertEqual(try quarters(without: "10:00", at: "10:00:00"), ["09:45:00"])
        XCTAssertEqual(try quarters(without: "10:00", at: "10:00:59"), ["09:45:00"])
        XCTAssertEqual(try quarters(without: "10:00", at: "10:01:00"), ["09:45:00", "10:00:00"], "nothing was traded")
    }

    func testHistoryFromTicksLeavesOutWhatIsNotSettledYet() throws {
        let feed = try feed(
            "datetime,price,volume\n2024-01-02 09:30:01,10,100\n2024-01-02 09:30:59,11,200\n"
                + "2024-01-02 14:59:58,12,300\n2024-01-02 15:00:03,13,400\n")
        let day = try XCTUnwrap(Day("2024-01-02"))
        func closes(_ unit: BarUnit, _ clock: String) throws -> [Double] {
            feed.history(code, unit, count: 9, upTo: hours.zone.instant(day, try TimeOfDay(clock: clock))).map(
                \.close.yuan)
        }
        XCTAssertNil(feed.unit)
        XCTAssertEqual(try closes(.minute, "09:30:59"), [])
        XCTAssertEqual(try closes(.minute, "09:31:00"), [11])
        XCTAssertEqual(try closes(.minute, "15:00:00"), [11])
        XCTAssertEqual(try closes(.day, "15:00:02"), [])
        XCTAssertEqual(try closes(.minute, "15:00:03"), [11, 13])
        XCTAssertEqual(try closes(.day, "15:00:03"), [13])
    }

    func testASavedFileIsMappedAndTellsTheSame() throws {
        let folder = try TemporaryFolder()
        let disk = SystemDisk()
        let plain = folder.path + "/f.csv"
        try disk.replaceFile(plain, with: Array(try text().utf8), durable: false)
        let parsed = try CSVFeed(path: plain, disk: disk, hours: hours)
        try parsed.save(to: folder.path + "/f.bars", in: disk)
        let mapped = try CSVFeed(path: folder.path + "/f.bars", disk: disk, hours: hours)
        XCTAssertEqual(mapped.unit, .minute)
        XCTAssertEqual(mapped.span, parsed.span)
        let never = Instant(nanoseconds: .max)
        for feed in [parsed, mapped] { try feed.add(code, as: 3, now: Instant(nanoseconds: .min)) }
        var count = 0
        while let event = parsed.next(upTo: never) {
            XCTAssertEqual("\(event)", mapped.next(upTo: never).map { "\($0)" })
            count += 1
        }
        XCTAssertEqual(count, 3 * 241)
        XCTAssertNil(mapped.next(upTo: never))
        XCTAssertEqual(
            mapped.history(code, .minutes5, count: 7, upTo: never),
            parsed.history(code, .minutes5, count: 7, upTo: never))
    }

    /// What has been read of a folder is mapped, and what has not is found where it lies.
    func testASavedFolderTellsTheSame() throws {
        let folder = try TemporaryFolder()
        let disk = SystemDisk()
        let other = Security("600000.XSHG")
        try disk.makeFolder(folder.path + "/bars")
        let rows = try text()
        for security in [code, other] {
            try disk.replaceFile("\(folder.path)/bars/\(security).csv", with: Array(rows.utf8), durable: false)
        }
        let parsed = try CSVFeed(path: folder.path + "/bars", disk: disk, hours: hours)
        try parsed.add(code, as: 0, now: Instant(nanoseconds: .min))
        try parsed.save(to: folder.path + "/f.bars", in: disk, source: "bars")
        // What was read is not looked for there any more.
        try disk.remove("\(folder.path)/bars/\(code).csv")
        let mapped = try CSVFeed(path: folder.path + "/f.bars", disk: disk, hours: hours)
        XCTAssertEqual(mapped.span, parsed.span)
        XCTAssertEqual(mapped.summary.drop { $0 != "(" }, parsed.summary.drop { $0 != "(" })
        try mapped.add(code, as: 0, now: Instant(nanoseconds: .min))
        for feed in [parsed, mapped] { try feed.add(other, as: 1, now: Instant(nanoseconds: .min)) }
        var count = 0
        while let event = parsed.next(upTo: Instant(nanoseconds: .max)) {
            XCTAssertEqual("\(event)", mapped.next(upTo: Instant(nanoseconds: .max)).map { "\($0)" })
            count += 1
        }
        XCTAssertEqual(count, 2 * 3 * 241)
        XCTAssertThrowsError(try mapped.add(Security("000002.XSHE"), as: 2, now: Instant(nanoseconds: .min)))
        XCTAssertEqual(mapped.source, "bars")
        XCTAssertNil(parsed.source)
        // Bars of another length do not belong there, whoever reads them.
        let longer = "datetime,open,high,low,close,volume\n2024-01-02 09:35,1,1,1,1,9\n2024-01-02 09:40,1,1,1,1,9\n"
        try disk.replaceFile("\(folder.path)/bars/\(other).csv", with: Array(longer.utf8), durable: false)
        let again = try CSVFeed(path: folder.path + "/f.bars", disk: disk, hours: hours)
        XCTAssertThrowsError(try again.add(other, as: 0, now: Instant(nanoseconds: .min))) {
            XCTAssertTrue("\($0)".contains("the file has 5m bars where the others have 1m bars"), "\($0)")
        }
    }

    func testTheCodesOfAFolderAreResampledApart() throws {
        let disk = SimulatedDisk()
        try disk.makeFolder("/bars")
        let rows = try text()
        for name in ["000001.XSHE", "600000.XSHG"] {
            try disk.replaceFile("/bars/\(name).csv", with: Array(rows.utf8), durable: false)
        }
        let lines = try CSVFeed(path: "/bars", disk: disk, hours: hours).resampled(to: .minutes60).split(
            separator: "\n")
        XCTAssertTrue(lines[0].hasPrefix("datetime,code,open"), "\(lines[0])")
        XCTAssertEqual(lines.filter { $0.contains(",000001.XSHE,") }.count, 12)
        XCTAssertEqual(lines.filter { $0.contains(",600000.XSHG,") }.count, 12)
    }

    func testADamagedFileOfBarsIsRefusedInASentence() throws {
        let folder = try TemporaryFolder()
        let disk = SystemDisk()
        let path = folder.path + "/f.csv"
        try disk.replaceFile(path, with: Array(try text().utf8), durable: false)
        try CSVFeed(path: path, disk: disk, hours: hours).save(to: folder.path + "/f.bars", in: disk)
        let whole = try XCTUnwrap(try disk.readFile(folder.path + "/f.bars"))
        for cut in [8, 12, 20, 200, whole.count - 1] {
            try disk.replaceFile(path, with: Array(whole[..<cut]), durable: false)
            XCTAssertThrowsError(try CSVFeed(path: path, disk: disk, hours: hours), "\(cut)") {
                XCTAssertTrue("\($0)".contains("write it again"), "\($0)")
            }
        }
        try disk.replaceFile(path, with: whole + [0], durable: false)
        XCTAssertThrowsError(try CSVFeed(path: path, disk: disk, hours: hours))
        var other = whole
        let stride = try XCTUnwrap(whole.firstRange(of: Array("56 bytes".utf8)))
        other.replaceSubrange(stride, with: Array("64 bytes".utf8))
        try disk.replaceFile(path, with: other, durable: false)
        XCTAssertThrowsError(try CSVFeed(path: path, disk: disk, hours: hours)) {
            XCTAssertTrue("\($0)".contains("another version of jqtrade wrote"), "\($0)")
        }
    }
}
