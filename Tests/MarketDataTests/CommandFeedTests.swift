import CSupport
import Market
import MarketData
import Storage
import TestSupport
import Time
import XCTest

@testable import Processes

final class CommandFeedTests: XCTestCase {
    private var now = shanghai("2019-10-08 10:00")

    private func feed(_ command: String) throws -> any MarketFeed {
        let desk = FeedDesk(
            hours: MarketHours(), disk: SystemDisk(), absolutePath: { $0 }, now: now, span: nil, isVirtual: false)
        let feed = try FeedSpec("exec:\(command)").makeFeed(desk)
        try feed.add(Security("000001.XSHE"), as: 0, now: now)
        return feed
    }

    /// Asks the feed, whose clock stands still, until something is there; nil after too long.
    private func wait<Found>(_ feed: any MarketFeed, _ find: () -> Found?) -> Found? {
        let clock = SystemClock()
        let limit = clock.elapsed + .seconds(20)
        while clock.elapsed < limit {
            if let found = find() { return found }
            var polled = [pollfd(fd: feed.descriptor ?? -1, events: Int16(POLLIN), revents: 0)]
            _ = cs_poll(&polled, 1, 10_000_000)
        }
        return nil
    }

    private func price(_ feed: any MarketFeed) -> Int64? {
        wait(feed) { feed.next(upTo: now) }.flatMap {
            if case .tick(_, let tick) = $0 { tick.last.units / 10_000 } else { nil }
        }
    }

    /// What is said until the command's end is: a line that cannot be read may be said before it.
    private func problemsUntilItEnds(_ feed: any MarketFeed) -> [String]? {
        var problems: [String] = []
        return wait(feed) {
            XCTAssertNil(feed.next(upTo: now))
            problems += feed.takeProblems()
            return problems.contains { $0.contains("the command ended") } ? problems : nil
        }
    }

    func testACommandsLinesAreTicks() throws {
        let feed = try feed("printf 'datetime,price\\n2019-10-08 10:00:00,7\\n2019-10-08 10:00:00,8\\n'; exec sleep 60")
        defer { feed.close() }
        XCTAssertEqual(price(feed), 7)
        XCTAssertEqual(price(feed), 8)
        XCTAssertEqual(feed.takeProblems(), [])
    }

    func testACommandThatDiesIsStartedAgainLaterEachTime() throws {
        let folder = try TemporaryFolder()
        let feed = try feed(
            """
            n=$(ls \(folder.path) | wc -l); touch \(folder.path)/$n; echo datetime,price
            echo 2019-10-08 10:00:0$n,$n; echo oh; echo no >&2; exit 3
            """)
        defer { feed.close() }
        XCTAssertNotNil(wait(feed) { feed.next(upTo: now).map { _ in true } })
        for (pause, next) in [(1, "1.0 s"), (2, "2.0 s"), (4, "4.0 s")] {
            let said = try XCTUnwrap(problemsUntilItEnds(feed))
            XCTAssertTrue(
                said.contains("exec: the command ended with exit code 3: \"no\"; it is started again in \(next)"),
                "\(said)")
            XCTAssertEqual(feed.nextTime, now + .seconds(Int64(pause)))
            now = now + .seconds(Int64(pause))
            XCTAssertNotNil(price(feed))
        }
    }

    func testNothingOfACommandOutlivesItsFeed() throws {
        let feed = try feed(
            "sleep 600 & printf \"datetime,price\\n2019-10-08 10:00:00,$!\\n2019-10-08 10:00:00,$$\\n\"; wait")
        let child = try XCTUnwrap(price(feed).map(Int32.init))
        let shell = try XCTUnwrap(price(feed).map(Int32.init))
        XCTAssertEqual(getpgid(child), shell)
        feed.close()
        XCTAssertNil(feed.nextTime)
        // Who adopts the orphans may leave them zombies.
        XCTAssertNotNil(
            wait(feed) {
                ProcessEntry.all().contains { [child, shell].contains($0.pid) && !$0.isZombie } ? nil : true
            }, "a process of the group is left")
    }
}
