import Foundation
import XCTest

/// `record_market` and `resample_bars` as a person calls them.
final class MarketCommandTests: WorkplaceTestCase {
    private let minutes = """
        datetime,open,high,low,close,volume
        2024-01-02 09:31:00,10,10.5,9.9,10.2,100
        2024-01-02 09:32:00,10.2,10.3,10.1,10.1,200
        2024-01-02 09:36:00,10.1,11,10,10.9,300

        """

    func testARecordingOfBarsCanBeResampledAndIsNotDoubled() throws {
        try place.write(minutes, to: "in.csv")
        let words = ["record_market", "--market-data", "csv:in.csv", "--codes", "000001.XSHE", "-o", "days"]
        let first = try place.run(words)
        XCTAssertEqual(first.code, 0, first.errors)
        XCTAssertTrue(first.output.hasSuffix("3 rows written\n"), first.output)
        XCTAssertTrue(
            place.read("days/2024-01-02.csv").contains(
                "2024-01-02 09:31:00,000001.XSHE,10,10.5,9.9,10.2,100,,,,,\n"))
        let again = try place.run(words)
        XCTAssertTrue(again.output.hasSuffix("0 rows written, 3 were there already\n"), again.output)

        let resampled = try place.run(["resample_bars", "--from", "1m", "--to", "5m", "days", "-"])
        XCTAssertEqual(
            resampled.output,
            """
            datetime,code,open,high,low,close,volume,money
            2024-01-02 09:35:00,000001.XSHE,10,10.5,9.9,10.1,300,
            2024-01-02 09:40:00,000001.XSHE,10.1,11,10,10.9,300,

            """)
        let written = try place.run(["resample_bars", "--from", "1m", "--to", "1d", "in.csv", "out.csv"])
        XCTAssertEqual(written.code, 0, written.errors)
        XCTAssertTrue(place.read("out.csv").hasSuffix("\n2024-01-02 15:00:00,10,11,9.9,10.9,600,\n"))
        let refused = try place.run(["resample_bars", "--from", "1m", "--to", "1d", "in.csv", "out.csv"])
        XCTAssertEqual(refused.code, 1)
        XCTAssertTrue(refused.errors.contains("--force"), refused.errors)
        XCTAssertEqual(
            try place.run(["resample_bars", "--from", "1m", "--to", "1d", "--force", "in.csv", "out.csv"]).code, 0)
    }

    func testLongerBarsKeepWhatIsKnownOfTheDays() throws {
        try place.write(
            """
            datetime,open,high,low,close,volume,money,pre_close,high_limit,low_limit,paused
            2024-01-02 09:31:00,10,10,10,10,100,1000,9.9,10.89,8.91,0
            2024-01-02 09:32:00,10,10,10,10,100,1000,9.9,10.89,8.91,0
            2024-01-03,,,,,,,10,11,9,1
            2024-01-04 09:31:00,11,11,11,11,100,1100,10,,,0

            """, to: "in.csv")
        let end = try place.run(["resample_bars", "--from", "1m", "--to", "1d", "in.csv", "-"])
        XCTAssertEqual(
            end.output,
            """
            datetime,open,high,low,close,volume,money,pre_close,high_limit,low_limit,paused
            2024-01-02 15:00:00,10,10,10,10,200,2000,9.9,10.89,8.91,0
            2024-01-03,,,,,,,10,11,9,1
            2024-01-04 15:00:00,11,11,11,11,100,1100,10,,,0

            """, end.errors)
    }

    /// Facts of the next day come before the tick that would close the last bar.
    func testARecordingOfBarsHasEachDaysLastBar() throws {
        let end = try place.run([
            "record_market", "--market-data", "random:seed=3,interval=30", "--codes", "000001.XSHE", "-o", "days",
            "--from", "2024-01-02", "--to", "2024-01-03", "--unit", "1m",
        ])
        XCTAssertEqual(end.code, 0, end.errors)
        for day in ["2024-01-02", "2024-01-03"] {
            let bars = place.read("days/\(day).csv").split(separator: "\n").filter { $0.hasPrefix("\(day) ") }
            XCTAssertEqual(bars.count, 240)
            XCTAssertTrue(bars.last?.hasPrefix("\(day) 15:00:00,") ?? false, "\(bars.last ?? "none")")
        }
    }

    func testWhatMakesNoBarIsCounted() throws {
        try place.write(
            "datetime,price\n2024-01-02 09:31:00,10\n2024-01-02 09:31:01,0\n2024-01-02 18:23:00,10\n", to: "t.csv")
        let end = try place.run([
            "record_market", "--market-data", "csv:t.csv", "--codes", "000001.XSHE", "-o", "days", "--unit", "1m",
        ])
        XCTAssertTrue(
            end.output.hasSuffix("1 rows written; ticks left out: 1 without a price, 1 outside the sessions\n"),
            end.output)
    }

    func testCtrlCEndsARecordingWithASummary() throws {
        try place.write("datetime,code,price\n", to: "live.csv")
        let program = try place.start([
            "record_market", "--market-data", "follow:live.csv", "--codes", "000001.XSHE", "-o", "days",
        ])
        try program.waitFor("Ctrl-C ends it")
        program.send(SIGINT)
        let end = try program.waitForExit()
        XCTAssertEqual(end.code, 0, end.errors)
        XCTAssertTrue(end.output.contains("0 rows written; ended before the feed did"), end.output)
    }

    func testBadInputIsASentence() throws {
        try place.write(minutes, to: "in.csv")
        try place.write("datetime,price\n2024-01-02,1\n", to: "bad.csv")
        let record = ["record_market", "--codes", "A", "-o", "days", "--market-data"]
        for (words, code, sentence) in [
            (["record_market"], 2, "record_market needs --market-data FEED"),
            (record + ["cvs:in.csv"], 1, "did you mean \"csv\"?"),
            (record + ["csv:none.csv"], 1, "there is no such file or folder"),
            (record + ["csv:bad.csv"], 1, "bad.csv:2: a tick needs a time"),
            (record + ["csv:in.csv", "--unit", "tick"], 1, "from these no ticks can be made"),
            (record + ["csv:in.csv", "--unit", "2m"], 2, "--unit is one of tick, 1m"),
            (record + ["csv:in.csv", "--from", "2024-01-02"], 2, "--from and --to go together"),
            (record + ["csv:in.csv", "--from", "2024-02-30"], 2, "--from asks for a day"),
            (["record_market", "--codes", "A,,B", "-o", "d", "--market-data", "csv:in.csv"], 2, "--codes asks for"),
            (["resample_bars", "--from", "1m", "--to", "5m", "in.csv"], 2, "asks for IN and OUT"),
            (["resample_bars", "--from", "5m", "--to", "1m", "in.csv", "-"], 2, "--to 1m is not longer"),
            (["resample_bars", "--from", "5m", "--to", "1d", "in.csv", "-"], 1, "has 1m bars, not 5m bars"),
            (["resample_bars", "--from", "2m", "--to", "1d", "in.csv", "-"], 2, "--from is one of 1m"),
        ] {
            let end = try place.run(words)
            XCTAssertEqual(end.code, Int32(code), words.joined(separator: " ") + end.errors)
            XCTAssertTrue(end.errors.contains(sentence), "\(words): \(end.errors)")
        }
    }
}
