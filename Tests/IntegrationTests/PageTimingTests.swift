import Engine
import JQTrade
import Logs
import Market
import Storage
import TestSupport
import Time
import XCTest

@testable import jqtrade_cli

/// When the page of a task is written: seldom, and never when a slot is about to be due.
final class PageTimingTests: XCTestCase {
    private let folder = try? TemporaryFolder()
    private let disk = SystemDisk()
    private var page: String { (folder?.path ?? "/nowhere") + "/report.html" }

    /// The page's file: another one after each time that it was written.
    private func written() throws -> FileIdentity? { try disk.identity(of: page) }

    /// A task on a virtual clock, READY, and its page.
    private func start(
        at now: Instant, _ initialize: @escaping (Context) -> Void
    ) throws -> (run: StrategyRun, page: TaskPage, loop: EventLoop) {
        let clock = VirtualClock(start: now)
        let loop = EventLoop(clock: clock)
        let logger = Logger(task: "demo", sinks: []) { clock.now }
        let setting = StrategyRun.Setting(
            taskName: "demo", mode: "paper", isRestart: false, startedAt: now, folder: nil, parameters: [],
            options: Options.Outside(), calendarFiles: nil, disk: disk, bootID: "boot",
            bootTime: { .init(nanoseconds: 0) }, absolutePath: { $0 }, jobName: { _ in nil })
        let run = StrategyRun(StrategyEntry(initialize: initialize), setting, loop: loop, logger: logger)
        let page = TaskPage(in: try XCTUnwrap(folder).path, of: run, loop: loop, logger: logger)
        var observer = RunObserver()
        page.listen(&observer)
        run.observer = observer
        XCTAssertEqual(run.start(), .ready)
        page.begin()
        return (run, page, loop)
    }

    func testATaskThatIsStoppedBeforeItsFirstPageHasAPage() throws {
        let (run, task, loop) = try start(at: shanghai("2026-11-20 20:00")) { _ in }
        task.finish()
        XCTAssertNotNil(try written())
        withExtendedLifetime(loop) { run.stop() }
    }

    func testOnceAMinuteAtMostAndAMomentAfterASlotRatherThanBefore() throws {
        // The minute after the first page is over 20 ms before a slot.
        var slots = 0
        let began = shanghai("2026-11-20 09:35:59") + .milliseconds(980)
        let (run, task, loop) = try start(at: began) { _ in
            set_options(market_data: "random:seed=7,interval=1")
            subscribe("000001.XSHE", "tick") { _ in }
            run_daily({ _ in slots += 1 }, "09:37", name: "job")
        }
        loop.run(until: began)
        let first = try XCTUnwrap(try written(), "written at once")

        // Every second has its price.
        loop.run(until: shanghai("2026-11-20 09:37") + .milliseconds(-1))
        XCTAssertEqual(try written(), first, "not before its minute is over, nor just before a slot")
        loop.run(until: shanghai("2026-11-20 09:37"))
        XCTAssertEqual(slots, 1)
        XCTAssertEqual(try written(), first, "the slot comes first")
        loop.run(until: shanghai("2026-11-20 09:37") + .milliseconds(1))
        let second = try XCTUnwrap(try written())
        XCTAssertNotEqual(second, first)

        loop.run(until: shanghai("2026-11-20 09:38"))
        XCTAssertEqual(try written(), second, "a minute after the one before, whenever that was")
        loop.run(until: shanghai("2026-11-20 09:39"))
        XCTAssertNotEqual(try written(), second)
        run.stop()
        task.finish()
        let last = try written()
        task.finish()
        XCTAssertEqual(try written(), last, "it shows all already")
    }
}
