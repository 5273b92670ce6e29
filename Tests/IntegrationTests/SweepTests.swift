import CSupport
import Foundation
import XCTest

/// A sweep and a single run as they are seen on a terminal, and what they leave on the disk.
final class SweepTests: WorkplaceTestCase {
    private let days = ["--from", "2024-02-05", "--to", "2024-02-08"]
    private let wiped = "\r\u{1B}[K"

    private var temporary: String { place.folder + "/tmp" }

    override func setUpWithError() throws {
        try super.setUpWithError()
        try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: true)
        place.environment["TMPDIR"] = temporary
    }

    /// A sweep of which the first run ends, and the second stays until there is a file.
    private func sweep(_ more: [String] = []) throws -> [String] {
        let rows = (31...35).map { "2024-02-05 09:\($0):00,10,10,10,10,1000\n" }.joined()
        let bars = try place.write("datetime,open,high,low,close,volume\n" + rows, to: "bars.csv")
        return [
            "run_backtest", "-c", Self.holds, "--market-data", "csv:\(bars)", "--sweep", "n=1..3", "--jobs", "1", "-p",
            "until=\(place.folder)/go",
        ] + more
    }

    private static let holds = StrategyShelf.shared.path(
        "holds",
        Strategies.tools + """
            func process_initialize(_ context: Context) {
                subscribe("000001.XSHE", "1m") { _ in if context.param("n", 1) > 1 { hold(context) } }
            }
            """)

    /// The second run and the third find what the first has parsed, though it is gone where it was.
    func testTheBarsOfAFolderAreParsedOnce() throws {
        var arguments = try sweep(["--json"])
        let rows = place.read("bars.csv")
        try FileManager.default.createDirectory(atPath: place.folder + "/bars", withIntermediateDirectories: true)
        let file = try place.write(rows, to: "bars/000001.XSHE.csv")
        arguments[try XCTUnwrap(arguments.firstIndex { $0.hasPrefix("csv:") })] = "csv:\(place.folder)/bars"
        let program = try place.start(arguments, onTerminal: true)
        try program.waitFor("1 of 3 runs")
        try place.write("", to: "bars/600000.XSHG.csv")
        try FileManager.default.removeItem(atPath: file)
        try place.write("", to: "go")
        let finished = try program.waitForExit()
        XCTAssertEqual(finished.code, 0, finished.output)
        XCTAssertFalse(finished.output.contains("there is no data"), finished.output)
    }

    /// The runs of a sweep may read different files.
    func testAParameterMayChooseTheData() throws {
        for n in 1...2 {
            let rows = (31...35).map { "2024-02-05 09:\($0):00,\(n)0,\(n)0,\(n)0,\(n)0,1000\n" }.joined()
            try place.write("datetime,open,high,low,close,volume\n" + rows, to: "d\(n)/000001.XSHE.csv")
        }
        let finished = try place.run([
            "run_backtest", "-c", Self.chooses, "-p", "dir=\(place.folder)", "--sweep", "n=1..2", "--log", "error",
        ])
        XCTAssertEqual(finished.code, 0, finished.errors)
        for n in 1...2 {
            let lines = finished.errors.split(separator: "\n").filter { $0.contains("[n=\(n)]") }
            XCTAssertTrue(lines.contains { $0.contains("closes at \(n)0.0") }, finished.errors)
        }
    }

    private static let chooses = StrategyShelf.shared.path(
        "chooses",
        """
        import JQTrade

        func process_initialize(_ context: Context) {
            set_options(market_data: "csv:\\(context.param("dir", ""))/d\\(context.param("n", 1))")
            subscribe("000001.XSHE", "1m") { bar in log.error("closes at", bar.close) }
        }
        """)

    func testCtrlCShowsTheRunsThatAreDone() throws {
        let program = try place.start(sweep(["--table", "table.csv"]), onTerminal: true)
        try program.waitFor("1 of 3 runs")
        program.type("\u{3}")
        let finished = try program.waitForExit()
        XCTAssertEqual(finished.code, 130, finished.output)
        XCTAssertTrue(
            finished.output.inOrder("a second", "left", wiped, "ended early: 1 of 3 runs are done", "1,000,000.00"))
        XCTAssertEqual(place.read("table.csv").split(separator: "\n").count, 2)
        XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: temporary), [])
    }

    func testTheProgressLineSaysHowFarARunIsAndGoesAway() throws {
        let program = try place.start(
            ["run_backtest", "-c", BacktestStrategies.schedule, "-p", "hold=\(place.folder)/go"] + days,
            onTerminal: true)
        try program.waitFor("2024-02-05  1 of 4 days")
        try place.write("", to: "go")
        let finished = try program.waitForExit()
        XCTAssertEqual(finished.code, 0, finished.output)
        let line = try XCTUnwrap(finished.output.components(separatedBy: wiped).first { $0.contains("1 of 4 days") })
        XCTAssertTrue(line.inOrder("bars/s", "left"), line)
        let rest = try XCTUnwrap(finished.output.components(separatedBy: wiped).last)
        XCTAssertTrue(rest.contains("schedule  2024-02-05 to 2024-02-08"), rest)
        XCTAssertFalse(rest.contains("bars/s"), rest)
    }

    func testTheBarsOfASweepThatWasKilledGoWithTheNextOne() throws {
        let killed = try place.start(sweep())
        let shared = "\(temporary)/jqtrade-\(killed.pid).bars"
        XCTAssertTrue(eventually { FileManager.default.fileExists(atPath: shared) })
        killed.send(SIGKILL)
        try killed.waitForExit()
        XCTAssertTrue(FileManager.default.fileExists(atPath: shared))
        try place.write("", to: "go")
        let own = "jqtrade-\(getpid()).bars"
        for name in [own, "jqtrade-notes.bars", "jqtrade-1.csv"] { try place.write("", to: "tmp/" + name) }
        let next = try place.run(sweep())
        XCTAssertEqual(next.code, 0, next.errors)
        XCTAssertEqual(
            try FileManager.default.contentsOfDirectory(atPath: temporary).sorted(),
            ["jqtrade-1.csv", own, "jqtrade-notes.bars"].sorted())
    }

    func testAParameterThatNoRunAsksForIsToldOnceWithTheNearestName() throws {
        let run = ["run_backtest", "-c", BacktestStrategies.schedule] + days
        let single = try place.run(run + ["-p", "trop=99", "-p", "x=1", "--json"])
        XCTAssertEqual(single.code, 0, single.errors)
        XCTAssertTrue(
            single.errors.contains("did not ask for the parameter trop, which changed nothing: did you mean trap?"),
            single.errors)
        XCTAssertTrue(
            single.errors.contains("parameter x, which changed nothing: it asked for hold, trap"), single.errors)
        let swept = try place.run(run + ["--sweep", "trop=97..99", "-p", "trap=99"])
        XCTAssertEqual(swept.code, 0, swept.errors)
        XCTAssertEqual(swept.errors.components(separatedBy: "the parameter trop").count, 2, swept.errors)
        XCTAssertFalse(swept.errors.contains("parameter trap"), swept.errors)
    }

    func testWhatTheUserAskedForIsReadableAsTheUsersMaskSays() throws {
        let run = "\"$jqtrade\" run_backtest -c '\(BacktestStrategies.schedule)' \(days.joined(separator: " "))"
        let program = try place.shell(
            "umask 027 && \(run) --trades t.csv --report r.html && \(run) --sweep trap=98..99 --table s.csv")
        XCTAssertEqual(try program.waitForExit().code, 0, program.errors)
        for name in ["t.csv", "r.html", "s.csv"] {
            let mode = try FileManager.default.attributesOfItem(atPath: place.folder + "/" + name)[.posixPermissions]
            XCTAssertEqual(mode as? Int, 0o640, name)
        }
        let refused = try place.run(["run_backtest", "-c", BacktestStrategies.schedule, "--trades", "/dev/null"])
        XCTAssertEqual(refused.code, 1)
        XCTAssertTrue(refused.errors.contains("/dev/null is no file"), refused.errors)
    }
}
