import FileOrders
import Gates
import Market
import MarketData
import PaperTrading
import Simulation
import Storage
import TestSupport
import XCTest

/// A terminal with a market behind it: what is filled, when, and at which price is the market's to say.
final class TerminalMarketTests: XCTestCase {
    private static let prices = """
        datetime,code,price,volume,pre_close
        2026-11-20 09:30:05,000001.XSHE,10.00,1000,10
        2026-11-20 09:30:10,000001.XSHE,10.01,2000,10
        2026-11-20 09:31:00,000001.XSHE,9.90,3000,10
        2026-11-20 15:00:00,000001.XSHE,10.20,4000,10
        2026-11-23 09:30:05,000001.XSHE,10.30,1000,10.2

        """

    private func rig(_ change: (inout TerminalSettings) -> Void = { _ in }) throws -> TerminalRig {
        try TerminalRig {
            $0.pollInterval = .seconds(1)
            $0.snapshotInterval = .seconds(30)
            change(&$0)
        } feed: { rig in
            try rig.disk.replaceFile("/market.csv", with: Array(Self.prices.utf8), durable: false)
            return try CSVFeed(path: "/market.csv", disk: rig.disk, hours: rig.settings.hours)
        }
    }

    private func status(_ id: String, _ rig: TerminalRig) -> OrderStatus? {
        rig.accepted().first { $0.id == id }?.status
    }

    /// All but the last prices, which come from the feed and are in no ledger.
    private func books(_ rig: TerminalRig) -> [String] {
        let account = rig.terminal.account
        return ["\(account.cash) \(account.lockedCash)"]
            + account.holdings.map { "\($0.key) \($0.value.amount) \($0.value.available) \($0.value.cost)" }.sorted()
    }

    func testOrdersAreFilledAsTheMarketGoes() throws {
        let rig = try rig()
        try rig.buy("rests", at: "9.95")
        try rig.buy("never", at: "9.5")
        try rig.run(to: "2026-11-20 09:30:07")
        try rig.buy("market", at: "0")
        try rig.buy("odd", 150)
        try rig.buy("high", at: "11.01")
        try rig.buy("nowhere", code: "600000.SH")
        try rig.run(to: "2026-11-20 09:30:20")
        let market = try XCTUnwrap(rig.accepted().first { $0.id == "market" })
        XCTAssertEqual(market.status, .filled)
        XCTAssertTrue([Money(10), Money(10.01)].contains(market.averagePrice), "\(market.averagePrice)")
        XCTAssertEqual(status("rests", rig), .open)
        // Least commission and the transfer fee; both open orders hold theirs too.
        let paid = market.filledValue + Money(units: 51_000)
        XCTAssertEqual(rig.terminal.account.cash, Money(units: 10_000_000_000) - paid)
        XCTAssertGreaterThan(rig.terminal.account.lockedCash.yuan, 9_950 + 9_500)

        try rig.sell("too soon", at: "9")
        try rig.run(to: "2026-11-20 09:30:50")
        let said = Dictionary(
            zip(try rig.column(.id, rig.results), try rig.column(.message, rig.results)), uniquingKeysWith: { $1 })
        XCTAssertEqual(said["odd"], "委托数量错误")
        XCTAssertEqual(said["high"], "价格错误")
        XCTAssertEqual(said["nowhere"], "证券代码错误")
        XCTAssertEqual(said["too soon"], "可用股份不足")
        XCTAssertEqual(try rig.column(.availableAmount, XCTUnwrap(rig.settings.format.positions)).first, "0")

        try rig.run(to: "2026-11-20 09:31:35")
        XCTAssertEqual(status("rests", rig), .filled)
        XCTAssertEqual(rig.accepted().first?.averagePrice, Money(9.9))
        XCTAssertEqual(try rig.column(.lastPrice, XCTUnwrap(rig.settings.format.positions)).first, "9.9")
        XCTAssertEqual(status("never", rig), .open)
    }

    func testTheUsersRulesAndDividendsHoldAndOutliveARestart() throws {
        let rules = try RuleBook(
            json: Array(#"{"fees": {"commission": 0, "min_commission": 0, "transfer_fee": 0.01}}"#.utf8), name: "rules")
        let actions = try CorporateAction.read(
            csv: Array("code,ex_date,cash,ratio\n000001.XSHE,2026-11-23,0.5,2\n".utf8), name: "actions")
        let rig = try rig { ($0.ruleBook, $0.actions) = (rules, actions) }
        try rig.buy("1", at: "10.1")
        try rig.run(to: "2026-11-20 09:30:20")
        let value = try XCTUnwrap(rig.accepted().first).filledValue
        let paid = value + Money(units: value.units / 100)
        XCTAssertEqual(rig.terminal.account.cash, Money(units: 10_000_000_000) - paid)
        rig.skip(seconds: 72 * 3600)
        try rig.run(seconds: 5)
        let after = books(rig)
        XCTAssertEqual(rig.terminal.account.cash, Money(units: 10_000_000_000 + 500 * 10_000) - paid)
        XCTAssertEqual(rig.terminal.account.holdings.values.map(\.amount), [2000])
        try rig.buy("2", at: "10.4")
        try rig.run(seconds: 5)
        XCTAssertNotEqual(books(rig), after)
        let before = books(rig)
        rig.restart()
        try rig.run(seconds: 1)
        XCTAssertEqual(books(rig), before)
    }

    func testTheNextDayReleasesSharesAndEndsWhatWasOpen() throws {
        let rig = try rig()
        try rig.buy("1", at: "10.1")
        try rig.buy("never", at: "9.5")
        try rig.run(to: "2026-11-20 09:32")
        XCTAssertEqual(status("1", rig), .filled)
        rig.skip(seconds: 5 * 3600)
        try rig.run(to: "2026-11-20 15:06")
        XCTAssertEqual(status("never", rig), .canceled)
        XCTAssertEqual(rig.terminal.account.lockedCash, .zero)
        rig.restart()
        rig.skip(seconds: 66.4 * 3600)
        try rig.run(to: "2026-11-23 09:30:02")
        try rig.sell("2", at: "10.3")
        try rig.run(to: "2026-11-23 09:30:30")
        XCTAssertEqual(status("2", rig), .filled)
        XCTAssertNil(rig.terminal.account.holdings[Security("000001.XSHE")])
    }

    func testAKilledTerminalGoesOnWithTheSameAccount() throws {
        let rig = try rig()
        try rig.buy("rests", at: "9.95")
        try rig.run(to: "2026-11-20 09:30:06")
        try rig.buy("market", at: "0")
        try rig.run(to: "2026-11-20 09:30:30")
        let (before, orders) = (books(rig), rig.accepted())
        rig.restart()
        XCTAssertEqual(books(rig), before)
        try rig.run(to: "2026-11-20 09:30:50")
        XCTAssertEqual(rig.accepted(), orders)
        try rig.run(to: "2026-11-20 09:31:30")
        XCTAssertEqual(rig.accepted().map(\.status), [.filled, .filled])
        try rig.cancel("market")
        try rig.run(seconds: 2)
        XCTAssertEqual(rig.accepted().map(\.status), [.filled, .filled])
    }

    /// Whatever goes wrong, another terminal that reads the ledger has the account that the last one had.
    func testTheLedgerTellsTheAccountThatTheExchangeHas() throws {
        for seed in TestScale.seeds(3) {
            let faults = "delay=0.2,reject=0.1,partial=0.3,silent=0.02,down=0.02"
            let rig = try TerminalRig(faults: faults, seed: seed) {
                $0.pollInterval = .milliseconds(500)
            } feed: { rig in
                let desk = FeedDesk(
                    hours: rig.settings.hours, disk: rig.disk, absolutePath: { $0 }, now: rig.now, span: nil,
                    isVirtual: false)
                return try FeedSpec("random:seed=\(seed),interval=1").makeFeed(desk)
            }
            var random = SeededRandom(seed: seed)
            var given = 0
            for round in 0..<60 {
                try rig.run(seconds: Double(Int.random(in: 1...20, using: &random)))
                let price = "\(Double(Int.random(in: 990...1010, using: &random)) / 100)"
                given += 1
                let amount = Int.random(in: 1...20, using: &random) * 100
                try rig.buy("\(given)", amount, at: random.oneIn(3) ? "0" : price)
                if random.oneIn(4) { try rig.cancel("\(Int.random(in: 1...given, using: &random))") }
                guard random.oneIn(5) else { continue }
                let before = books(rig)
                rig.restart(seed: random.next())
                XCTAssertEqual(books(rig), before, "seed \(seed), round \(round)")
            }
            let ids = rig.accepted().map(\.id)
            XCTAssertEqual(ids.count, Set(ids).count, "seed \(seed): an order twice")
            XCTAssertTrue(rig.accepted().contains { $0.status == .filled }, "seed \(seed)")
            XCTAssertGreaterThanOrEqual(rig.terminal.account.availableCash, .zero, "seed \(seed)")
        }
    }
}
