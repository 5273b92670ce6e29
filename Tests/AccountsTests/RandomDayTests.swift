import Gates
import Market
import Simulation
import Storage
import TestSupport
import XCTest

@testable import Accounts

final class RandomDayTests: XCTestCase {
    func testRandomDays() throws {
        for seed in 0..<150 as Range<UInt64> {
            let day = RandomDay(seed: seed)
            try day.run()
            if let problem = day.problem { return XCTFail("seed \(seed): \(problem)") }
        }
    }
}

/// A day on which everything happens in any order, deaths of the program and power cuts included.
private final class RandomDay {
    private let desk = Desk(cash: 50_000, shares: [bank: 2000, steel: 500])
    private var random: SeededRandom
    private let seed: UInt64
    private var now = at(9, 31)
    private var account: Account?
    private(set) var problem: String?

    init(seed: UInt64) {
        self.seed = seed
        random = SeededRandom(seed: seed)
    }

    func run() throws {
        desk.options.mostPerMinute = 10_000
        try start()
        for _ in 0..<120 where problem == nil {
            now = now + .milliseconds(Int64.random(in: 1...6000, using: &random))
            try step()
            if desk.disk.faults.stopAt.map({ desk.disk.operations >= $0 }) ?? false { try die() }
            check()
        }
        try settle()
    }

    private func step() throws {
        switch Int.random(in: 0..<12, using: &random) {
        case 0...2: _ = account?.submit((0..<Int.random(in: 1...4, using: &random)).map { _ in request() }, now: now)
        case 3:
            if let order = account?.openOrders().randomElement(using: &random) {
                _ = account?.cancel([order.id], now: now)
            }
        case 4...7: trade()
        case 8: desk.gate.snapshot = desk.broker.snapshot(day: ordinaryDay, at: now)
        case 9: if let again = desk.broker.said.randomElement(using: &random) { desk.broker.say(again) }
        case 10 where random.oneIn(4):
            desk.disk.faults.stopAt = desk.disk.operations + Int.random(in: 0..<8, using: &random)
        default: listen()
        }
    }

    private func request() -> OrderRequest {
        let amount = Int64.random(in: -6...6, using: &random) * 100
        return OrderRequest(
            random.oneIn(2) ? bank : steel, amount, .limit(Double(Int.random(in: 900...1100, using: &random)) / 100))
    }

    /// The broker does something with an order or a cancel that it has.
    private func trade() {
        if random.oneIn(3), let id = desk.broker.cancels.randomElement(using: &random) {
            return random.oneIn(3) ? desk.broker.refuseCancel(id, "too late") : desk.broker.cancel(id)
        }
        let live = desk.broker.orders.values.filter { $0.rest > 0 }.sorted { $0.ticket.id < $1.ticket.id }
        guard let order = live.randomElement(using: &random) else { return }
        switch Int.random(in: 0..<6, using: &random) {
        case 0: desk.broker.open(order.ticket.id)
        case 1 where order.filled == 0: desk.broker.reject(order.ticket.id, "no")
        default: desk.broker.fill(order.ticket.id, Int64.random(in: 1...order.rest, using: &random))
        }
    }

    private func listen() {
        guard let account else { return }
        let last = account.sync(now: now).compactMap(\.number).last
        if let last { account.told(upTo: last, now: now) }
    }

    private func die() throws {
        let losingPower = random.oneIn(2)
        desk.disk.crash(losingUnflushed: losingPower, seed: seed)
        if losingPower { desk.boot += 1 }
        account = nil
        try start()
    }

    /// A start, which may die as well.
    private func start() throws {
        if random.oneIn(3) { desk.disk.faults.stopAt = desk.disk.operations + Int.random(in: 0..<12, using: &random) }
        account = try? desk.open(now, seed: random.next())
        if account == nil {
            desk.disk.crash(losingUnflushed: false, seed: seed)
            account = try desk.open(now, seed: random.next())
        }
    }

    /// What must hold at every moment.
    private func check() {
        guard let account else { return }
        if Set(desk.broker.ledger).count != desk.broker.ledger.count { problem = "sent twice" }
        for id in desk.broker.ledger {
            guard let order = account.order(id), let truth = desk.broker.orders[id] else {
                problem = "\(id) is unknown to the account"
                return
            }
            if order.filledAmount > truth.filled { problem = "\(id): \(order.filledAmount) of \(truth.filled) filled" }
            if order.isOurVerdict, order.status.isFinished { problem = "\(id) is at the broker and \(order.status)" }
        }
        if account.availableCash > desk.broker.availableCash {
            problem = "cash: \(account.availableCash) of \(desk.broker.availableCash)"
        }
        for security in [bank, steel] {
            let holding = account.position(security)
            if holding.available > desk.broker.available(security) {
                problem = "\(security): \(holding.available) of \(desk.broker.available(security)) available"
            }
        }
    }

    /// In the end everybody tells the same story.
    private func settle() throws {
        if problem != nil { return }
        desk.disk.crash(losingUnflushed: false, seed: seed)
        let account = try desk.open(now, seed: random.next())
        for id in desk.broker.cancels { desk.broker.cancel(id) }
        for (id, order) in desk.broker.orders where order.rest > 0 { desk.broker.fill(id, order.rest) }
        now = now + .seconds(10)
        _ = account.sync(now: now)
        now = now + .seconds(10)
        desk.sync(account, now)
        for order in account.orders() where order.isSent {
            guard let truth = desk.broker.orders[order.id] else {
                if order.status != .rejected, order.status != .unknown { problem = "\(order.id) was never sent" }
                continue
            }
            if order.status != truth.status || order.filledAmount != truth.filled || order.filledValue != truth.value {
                problem = "\(order.id) is \(order.status), and \(truth.status) at the broker"
            }
        }
        for security in [bank, steel] where account.position(security).amount != desk.broker.shares[security]?.amount {
            problem = "\(security): \(account.position(security).amount)"
        }
        let sold = account.trades.reduce(0) { $0 + $1.amount }
        if sold != desk.broker.orders.values.reduce(0, { $0 + $1.filled }) { problem = "the fills do not add up" }
    }
}
