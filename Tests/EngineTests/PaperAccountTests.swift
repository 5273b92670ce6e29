import Accounts
import Gates
import Market
import PaperTrading
import Simulation
import Storage
import XCTest

/// An account in front of an exchange on paper: what happens at one and the same instant is counted once.
final class PaperAccountTests: XCTestCase {
    private let bank = Security("000001.XSHE")
    private let rebar = Security("RB2001.XSGE")
    private let disk = SimulatedDisk()
    private var now = Instant(nanoseconds: 0)

    private func at(_ hour: Int, _ minute: Int) -> Instant {
        MarketZone.shanghai.instant(Day(number: 18177), TimeOfDay(hour, minute))
    }

    private func open(_ rules: MarketRules = .aShare) throws -> (account: Account, exchange: PaperExchange) {
        var setting = PaperSetting()
        setting.rules = rules
        setting.tPlus = 0
        let exchange = PaperExchange(setting)
        let gate = PaperGate(exchange, disk: disk, boot: BootID("boot"))
        try gate.setup(
            GateDesk(
                options: [:], taskName: "t", folder: "/task", now: { [unowned self] in now },
                day: { Day(number: 18177) }, zone: .shanghai,
                log: { level, sentence in if level != .info { XCTFail(sentence) } }))
        var options = AccountOptions()
        options.rules = rules
        options.dayEndsAfterClose = .seconds(36_500 * 86_400)
        options.isLive = false
        options.clockTolerance = .zero
        options.longestSilence = .zero
        options.tPlus = 0
        options.sides = [.long, .short]
        let account = try Account.open(
            Account.Parts(gate: gate, folder: "/task", disk: disk, boot: BootID("boot"), options: options), now: now)
        _ = account.sync(now: now)
        return (account, exchange)
    }

    private func tick(_ exchange: PaperExchange, _ security: Security, _ price: Int64) {
        let tick = MarketTick(time: now, last: Money(units: price * 10_000), volume: 1000)
        exchange.take(tick, of: exchange.number(of: security))
    }

    func testOrdersFilledAtOneInstantAreCountedOnce() throws {
        now = at(9, 30)
        let (account, exchange) = try open()
        tick(exchange, bank, 10)
        for (amount, total) in [(1000, 1000), (500, 1500), (-300, 1200), (-1200, 0)] as [(Int64, Int64)] {
            _ = try account.submit([OrderRequest(bank, amount)], now: now)[0].get()
            _ = account.sync(now: now)
            let holding = account.position(bank)
            XCTAssertEqual([holding.amount, holding.available], [total, total])
            XCTAssertEqual(holding.certain, total...total)
            XCTAssertEqual(account.portfolio(now: now).availableCash, exchange.cash)
        }
        // Four least commissions, transfer fees of 0.6, and duty of 15 on the sales.
        XCTAssertEqual(exchange.fees, Money(units: 356_000))
        XCTAssertEqual(account.trades.count, 4)
    }

    func testFillsHeardBeforeTheNextSnapshotAreCountedOnce() throws {
        now = at(9, 30)
        let (account, exchange) = try open()
        tick(exchange, bank, 10)
        _ = try account.submit([OrderRequest(bank, 1000)], now: now)[0].get()
        _ = account.sync(balance: false, now: now)
        XCTAssertEqual(account.position(bank).amount, 1000)
        _ = account.sync(now: now)
        XCTAssertEqual(account.position(bank).certain, 1000...1000)
        XCTAssertEqual(account.portfolio(now: now).availableCash, exchange.cash)
    }

    func testARestartKnowsTheSameAndNumbersGoOn() throws {
        now = at(9, 30)
        var (account, exchange) = try open()
        tick(exchange, bank, 10)
        let filled = try account.submit([OrderRequest(bank, 1000)], now: now)[0].get()
        let resting = try account.submit([OrderRequest(bank, 100, .limit(9.5))], now: now)[0].get()
        _ = account.sync(now: now)
        let cash = account.portfolio(now: now)
        disk.endProgram()
        now = at(9, 40)
        (account, exchange) = try open()
        XCTAssertEqual(account.portfolio(now: now).availableCash, cash.availableCash)
        XCTAssertEqual(account.portfolio(now: now).lockedCash, cash.lockedCash)
        XCTAssertEqual(account.order(filled)?.status, .filled)
        XCTAssertEqual(account.order(resting)?.status, .open)
        tick(exchange, bank, 9)
        let later = try account.submit([OrderRequest(bank, 100)], now: now)[0].get()
        XCTAssertFalse([filled, resting].contains(later))
        _ = account.sync(now: now)
        XCTAssertEqual(account.order(resting)?.status, .filled)
        XCTAssertEqual(account.position(bank).amount, 1200)
    }

    func testAnOrderThatRestsForDaysIsKnownAfterARestart() throws {
        now = at(9, 30)
        var (account, exchange) = try open(.none)
        tick(exchange, bank, 10)
        let resting = try account.submit([OrderRequest(bank, 100, .limit(9.5))], now: now)[0].get()
        let filled = try account.submit([OrderRequest(bank, 100)], now: now)[0].get()
        _ = account.sync(now: now)
        var days: Int64 = 0
        for pause in [1, 1, 3, 4] as [Int64] {
            // Each day has a journal of its own.
            days += pause
            disk.endProgram()
            now = at(9, 30) + .seconds(days * 86_400)
            (account, exchange) = try open(.none)
            XCTAssertEqual(account.order(resting)?.status, .open, "after \(days) days")
            XCTAssertEqual(account.openOrders().map(\.id), [resting])
            let other = try account.submit([OrderRequest(rebar, 1, .limit(1))], now: now)[0].get()
            _ = account.cancel([other], now: now)
            _ = account.sync(now: now)
        }
        XCTAssertNil(account.order(filled))
        tick(exchange, bank, 9)
        let changes = account.sync(now: now)
        XCTAssertEqual(changes.compactMap(\.number).count, 2, "the order and its trade")
        XCTAssertEqual(account.order(resting)?.status, .filled)
        XCTAssertEqual(account.trades.map(\.ticket.id), [resting])
        XCTAssertEqual(account.portfolio(now: now).availableCash, exchange.cash)
    }

    func testFuturesPassTheRulesOfShares() throws {
        now = at(9, 30)
        let (account, exchange) = try open()
        tick(exchange, rebar, 3500)
        for side in [PositionSide.long, .short] {
            _ = try account.submit([OrderRequest(rebar, 3, side: side)], now: now)[0].get()
            _ = account.sync(now: now)
            XCTAssertEqual(account.position(rebar, side).amount, 3)
            _ = try account.submit([OrderRequest(rebar, -3, side: side)], now: now)[0].get()
            _ = account.sync(now: now)
            XCTAssertEqual(account.position(rebar, side).amount, 0)
        }
        XCTAssertEqual(account.portfolio(now: now).availableCash, exchange.cash)
    }
}
