import Gates
import Market
import Simulation
import Storage
import TestSupport
import XCTest

@testable import Accounts

let bank = Security("000001.XSHE")
let steel = Security("600019.XSHG")
let ordinaryDay = Day(number: 20777)  // Friday 2026-11-20

/// An instant of the ordinary day, or of one so many days later.
func at(_ hour: Int, _ minute: Int, _ second: Int = 0, daysLater: Int = 0) -> Instant {
    MarketZone.shanghai.instant(ordinaryDay + daysLater, TimeOfDay(hour, minute, second))
}

func yuan(_ amount: Double) -> Money { Money(amount) ?? .zero }

/// Everything around an account: disk, broker and gate; the program can die and be started again.
final class Desk {
    let disk = SimulatedDisk()
    let broker: ScriptedBroker
    var options = AccountOptions()
    var boot = 1
    private(set) var gate: ScriptedGate

    init(cash: Double = 100_000, shares: [Security: Int64] = [bank: 1000]) {
        broker = ScriptedBroker(cash: yuan(cash))
        for (security, amount) in shares { broker.shares[security] = (amount, 0) }
        gate = ScriptedGate(broker, disk: disk)
        options.fees = .none
    }

    /// A start of the program.
    func open(_ now: Instant = at(9, 30), seed: UInt64 = 1) throws -> Account {
        gate = ScriptedGate(broker, disk: disk)
        return try Account.open(
            Account.Parts(
                gate: gate, folder: "/task", disk: disk, boot: BootID("boot \(boot)"), options: options,
                random: SeededRandom(seed: seed)),
            now: now)
    }

    /// A start of the program with the account read.
    func openSynced(_ now: Instant = at(9, 30), seed: UInt64 = 1) throws -> Account {
        let account = try open(now, seed: seed)
        gate.snapshot = broker.snapshot(day: MarketHours().tradingDay(at: now), at: now)
        _ = account.sync(now: now)
        return account
    }

    /// A sync that brings the broker's account as it is now.
    @discardableResult
    func sync(_ account: Account, _ now: Instant) -> [AccountChange] {
        gate.snapshot = broker.snapshot(day: MarketHours().tradingDay(at: now), at: now)
        return account.sync(now: now)
    }
}

extension Account {
    /// One order.
    func give(_ request: OrderRequest, _ now: Instant) throws -> OrderID {
        try XCTUnwrap(submit([request], now: now).first).get()
    }

    /// Why one order is refused.
    func refusal(_ request: OrderRequest, _ now: Instant) -> Refusal? {
        if case .failure(let refusal) = submit([request], now: now).first { refusal } else { nil }
    }
}
