import Market
import MarketData
import Storage
import TestSupport
import XCTest

final class FollowFeedTests: XCTestCase {
    private let disk = SystemDisk()
    private let share = Security("000001.XSHE")
    private var folder: TemporaryFolder?
    private var now = shanghai("2019-10-08 10:00")

    override func setUpWithError() throws { folder = try TemporaryFolder() }
    override func tearDown() { folder = nil }

    private var path: String { (folder?.path ?? "") + "/ticks.csv" }

    private func write(_ text: String, to path: String) throws {
        let file = try disk.open(path, .appendOrCreate)
        defer { disk.close(file) }
        try disk.appendWhole(Array(text.utf8), to: file)
    }

    private func follow(_ path: String) throws -> any MarketFeed {
        let desk = FeedDesk(
            hours: MarketHours(), disk: disk, absolutePath: { $0 }, now: now, span: nil, isVirtual: false)
        let feed = try FeedSpec("follow:\(path)").makeFeed(desk)
        try feed.add(share, as: 4, now: now)
        return feed
    }

    /// The prices that come when it is looked for them next.
    private func prices(_ feed: any MarketFeed) -> [Int64] {
        now = max(now, feed.nextTime ?? now)
        var prices: [Int64] = []
        while let event = feed.next(upTo: now) {
            switch event {
            case .tick(let number, let tick):
                XCTAssertEqual(number, 4)
                prices.append(tick.last.units / 10_000)
            case .bar(_, let bar): prices.append(bar.close.units / 10_000)
            case .facts: break
            }
        }
        return prices
    }

    func testNewRowsComeOnceWholeAndOnlyTheirs() throws {
        try write("datetime,code,price\n2019-10-08 09:59:00,000001.XSHE,1\n", to: path)
        let feed = try follow(path)
        XCTAssertEqual(prices(feed), [])
        try write("2019-10-08 10:00:00,000001.XSHE,2\n2019-10-08 10:00:00,600000.XSHG,9\n2019-10-08 10:00:0", to: path)
        XCTAssertEqual(prices(feed), [2])
        XCTAssertEqual(prices(feed), [])
        try write("0,000001.XSHE,3\n2019-10-08 10:00:00,000001.XSHE,x\n", to: path)
        XCTAssertEqual(prices(feed), [3])
        XCTAssertEqual(feed.takeProblems(), ["\(path):6: \"x\" is no number (column price)"])
        XCTAssertEqual(feed.takeProblems(), [])
    }

    func testAFileThatIsWrittenAnewTellsOnlyWhatIsNew() throws {
        try write("datetime,price\n2019-10-08 09:59:00,1\n", to: path)
        let feed = try follow(path)
        try write("2019-10-08 10:00:00,2\n", to: path)
        XCTAssertEqual(prices(feed), [2])
        let all = "datetime,price\n2019-10-08 09:59:00,1\n2019-10-08 10:00:00,2\n2019-10-08 10:00:00.100,3\n"
        try disk.replaceFile(path, with: Array(all.utf8), durable: false)
        XCTAssertEqual(prices(feed), [3])
    }

    func testARowWaitsForItsTimeAndOneFarAheadIsLeftOut() throws {
        let feed = try follow(path)
        try write("datetime,price\n2019-10-08 10:00:01,1\n2019-10-08 18:00:00,2\n", to: path)
        XCTAssertEqual(prices(feed), [])
        XCTAssertEqual(feed.takeProblems().count { $0.contains("is ahead of the clock") }, 1)
        now = shanghai("2019-10-08 10:00:01")
        XCTAssertEqual(prices(feed), [1])
    }

    func testAFolderIsFollowedFromDayToDay() throws {
        let folder = self.folder?.path ?? ""
        let feed = try follow(folder)
        XCTAssertEqual(prices(feed), [])
        try write("datetime,price\n2019-10-08 10:00:00,1\n", to: folder + "/2019-10-08.csv")
        XCTAssertEqual(prices(feed), [1])
        try write("2019-10-08 10:00:00,2\n", to: folder + "/2019-10-08.csv")
        try write("datetime,price\n2019-10-08 10:00:00,3\n", to: folder + "/2019-10-09.csv")
        XCTAssertEqual(prices(feed), [2, 3])
    }

    func testBarsKeepTheirLengthAndAreHistoryFirst() throws {
        let header = "datetime,open,high,low,close,volume\n"
        try write(header + "2019-10-08 09:50:00,1,1,1,1,5\n2019-10-08 09:55:00,1,3,1,2,6\n", to: path)
        let feed = try follow(path)
        XCTAssertEqual(feed.unit, .minutes5)
        XCTAssertEqual(feed.history(share, .minutes5, count: 9, upTo: now).map(\.volume), [5, 6])
        try write("2019-10-08 10:00:00,2,7,1,4,8\n", to: path)
        XCTAssertEqual(prices(feed), [4])
        XCTAssertEqual(feed.history(share, .minutes15, count: 9, upTo: now).map(\.volume), [19])
    }

    /// Where nothing told that bars would come, they come as the bars that they are.
    func testBarsThatNobodyExpectedComeAsBars() throws {
        let feed = try follow(path)
        XCTAssertNil(feed.unit)
        let header = "datetime,open,high,low,close,volume,money\n"
        try write(header + "2019-10-08 09:31:00,5,7,3,6,100,550\n", to: path)
        now = now + .seconds(1)
        func yuan(_ count: Int64) -> Money { Money(units: count * 10_000) }
        let bar = MarketBar(
            end: shanghai("2019-10-08 09:31"), open: yuan(5), high: yuan(7), low: yuan(3), close: yuan(6),
            volume: 100, amount: yuan(550))
        guard case .bar(4, bar)? = feed.next(upTo: now) else { return XCTFail("no bar") }
        XCTAssertNil(feed.next(upTo: now))
    }

    func testTheLengthOfBarsCanBeNamed() throws {
        let feed = try follow(path + ",unit=5m")
        XCTAssertEqual(feed.unit, .minutes5)
        let header = "datetime,open,high,low,close,volume\n"
        try write(header + "2019-10-08 09:35:00,1,1,1,1,5\n", to: path)
        XCTAssertEqual(prices(feed), [1])
        XCTAssertEqual(feed.history(share, .minutes5, count: 9, upTo: now).map(\.volume), [5])
        try disk.replaceFile(path, with: Array("datetime,price\n".utf8), durable: false)
        XCTAssertEqual(prices(feed), [])
        XCTAssertEqual(
            feed.takeProblems().filter { !$0.contains("there") },
            [
                "\(path):1: the rows are ticks, but 5m bars were named or came before: start the task again, without ,unit=5m"
            ])
    }

    /// One clock is wrong by a minute: nobody else waits for that row, and what comes after it is told at its own time.
    func testARowThatIsStampedAheadHoldsNothingUp() throws {
        let feed = try follow(path)
        try write(
            "datetime,code,price\n2019-10-08 10:01:00,000001.XSHE,9\n2019-10-08 10:00:00,000001.XSHE,1\n", to: path)
        XCTAssertEqual(prices(feed), [1])
        try write("2019-10-08 10:00:01,000001.XSHE,2\n", to: path)
        now = shanghai("2019-10-08 10:00:02")
        XCTAssertEqual(prices(feed), [2])
        // Written anew, it tells what came meanwhile, and what waits is not told twice.
        let all =
            "datetime,code,price\n2019-10-08 10:01:00,000001.XSHE,9\n2019-10-08 10:00:01,000001.XSHE,2\n2019-10-08 10:00:03,000001.XSHE,3\n"
        try disk.replaceFile(path, with: Array(all.utf8), durable: false)
        now = shanghai("2019-10-08 10:00:04")
        XCTAssertEqual(prices(feed), [3])
        now = shanghai("2019-10-08 10:01:00")
        XCTAssertEqual(prices(feed), [9])
        XCTAssertEqual(feed.takeProblems().filter { !$0.contains("there") }, [])
    }

    /// A name that was misspelled looks just like a file that comes later.
    func testAFileThatIsNotThereIsSaidOnceAndOnceWhenItIs() throws {
        for (path, what) in [
            (path, "file or folder \(path)"), (folder?.path ?? "", ".csv file in \(folder?.path ?? "")"),
        ] {
            let feed = try follow(path)
            for _ in 0..<3 { XCTAssertEqual(prices(feed), []) }
            XCTAssertEqual(feed.takeProblems(), ["there is no \(what) yet: it is waited for"])
            try write("datetime,price\n2019-10-08 10:00:00,1\n", to: self.path)
            XCTAssertEqual(prices(feed), [1])
            XCTAssertEqual(feed.takeProblems(), ["\(self.path) is there now, and followed"])
            try disk.remove(self.path)
        }
        try write("datetime,price\n", to: path)
        XCTAssertEqual(try follow(path).takeProblems(), [])
    }

    func testADaysFactsComeBeforeItsRow() throws {
        let feed = try follow(path)
        try write("datetime,price,pre_close\n2019-10-08 09:59:59,2,1.5\n", to: path)
        now = max(now, feed.nextTime ?? now)
        guard case .facts? = feed.next(upTo: now) else { return XCTFail("no facts") }
        guard case .tick? = feed.next(upTo: now) else { return XCTFail("no tick") }
    }
}
