import Gates
import Market
import Notation
import Simulation
import Storage
import XCTest

@testable import PaperTrading

final class PaperGateTests: XCTestCase {
    /// The program dies before each operation of a day, with and without the power, and is started again.
    func testDeathAtEveryOperation() throws {
        for losingPower in [false, true] {
            for seed in 0..<2 as Range<UInt64> {
                var stopAt = 0
                var isWhole = false
                while !isWhole {
                    let day = PaperDay(stopAt: stopAt, losingPower: losingPower, seed: seed)
                    isWhole = try day.run()
                    stopAt += 1
                }
                XCTAssertGreaterThan(stopAt, 20)
            }
        }
    }

    func testAFullDiskRefusesOrdersAndTellsNothingThatIsNotWritten() throws {
        let desk = PaperDesk()
        let gate = try desk.open(at(9, 30))
        desk.tick(gate, 10)
        let resting = desk.ticket(gate, 100, .at(9))
        XCTAssertEqual(gate.submit([resting]), [.sent])
        XCTAssertEqual(gate.updates().count, 1)
        desk.disk.faults.capacity = 0
        let refused = desk.ticket(gate, 100, .market)
        guard case .refused(let reason) = gate.submit([refused])[0] else { return XCTFail("it was not refused") }
        XCTAssertTrue(reason.contains("the disk is full"), reason)
        XCTAssertEqual(gate.exchange.snapshot(now: desk.now).lockedCash, yuan(905.02))
        desk.tick(gate, 8)
        XCTAssertEqual(gate.updates(), [])
        XCTAssertNil(gate.account())
        desk.disk.faults.capacity = nil
        XCTAssertEqual(gate.updates().map(\.news), [.state(.filled)])
        XCTAssertEqual(gate.account()?.holdings.map(\.amount), [100])
        XCTAssertEqual(gate.find([resting, refused]), [.found, .absent])
        XCTAssertEqual(desk.log.count, 1, "said once")
    }

    func testAFlushThatFailsLeavesTheOrderInDoubtUntilTheDiskIsWell() throws {
        let desk = PaperDesk()
        let gate = try desk.open(at(9, 30))
        desk.tick(gate, 10)
        let ticket = desk.ticket(gate, 100, .market)
        // append, then flush
        desk.disk.faults.failures = [desk.disk.operations + 1: 5]
        guard case .unknown = gate.submit([ticket])[0] else { return XCTFail("it is in doubt") }
        guard case .inDoubt = gate.find([ticket])[0] else { return XCTFail("it is in doubt") }
        desk.tick(gate, 10)
        XCTAssertEqual(gate.updates().map(\.news), [.state(.filled)])
        XCTAssertEqual(gate.find([ticket]), [.found])
    }

    func testAnAccountGoesOnOverDays() throws {
        let desk = PaperDesk()
        var gate = try desk.open(at(9, 30))
        desk.tick(gate, 10)
        let bought = desk.ticket(gate, 1000, .market)
        XCTAssertEqual(gate.submit([bought]), [.sent])
        let resting = desk.ticket(gate, 100, .at(9))
        XCTAssertEqual(gate.submit([resting]), [.sent])
        _ = gate.updates()
        let cash = gate.exchange.cash
        desk.disk.endProgram()

        let friday = Day(number: 18180)
        desk.actions = [CorporateAction(security: bank, exDate: Day(number: 18179), cash: 100_000)]
        gate = try desk.open(at(9, 0, day: friday))
        XCTAssertEqual(gate.find([bought, resting]), [.found, .found])
        let account = gate.account()
        XCTAssertEqual(account?.availableCash, cash + yuan(100), "the dividend of Thursday")
        XCTAssertEqual(account?.lockedCash, .zero)
        XCTAssertEqual(account?.holdings.first?.available, 1000)
        gate.adopt([bought, resting])
        let updates = gate.updates()
        XCTAssertEqual(updates.first { $0.id == bought.id }?.news, .state(.filled))
        XCTAssertEqual(updates.first { $0.id == resting.id }?.message, "the day ended")
        desk.disk.endProgram()
        gate = try desk.open(at(9, 1, day: friday))
        XCTAssertEqual(gate.account()?.availableCash, cash + yuan(100), "paid once")
    }

    func testASnapshotComesOnlyWhenSomethingHasChanged() throws {
        let desk = PaperDesk()
        let gate = try desk.open(at(9, 30))
        XCTAssertNotNil(gate.account())
        desk.tick(gate, 10)
        XCTAssertNil(gate.account())
        XCTAssertEqual(gate.submit([desk.ticket(gate, 100, .market)]), [.sent])
        XCTAssertNotNil(gate.account())
        XCTAssertNil(gate.account())
        desk.tick(gate, 10)
        XCTAssertNil(gate.account(), "the same price")
        desk.tick(gate, 10.01)
        XCTAssertEqual(gate.account()?.holdings.first?.value, yuan(1001))
    }

    func testWhatAnotherVersionWroteIsSaid() throws {
        let desk = PaperDesk()
        try desk.disk.makeFolder("/task/paper")
        let path = "/task/paper/20191008.journal"
        try Journal.open(path: path, store: desk.disk, boot: BootID("boot")).journal
            .append(Array("{}".utf8), at: at(9, 0), flush: true)
        XCTAssertThrowsError(try desk.open(at(9, 30))) {
            XCTAssertTrue("\($0)".hasPrefix("/task/paper/20191008.journal holds an entry that this version"), "\($0)")
        }
    }
}

/// A disk, a clock and the starts of a program between them.
final class PaperDesk {
    let disk = SimulatedDisk()
    var now = at(9, 30)
    var actions: [CorporateAction] = []
    private(set) var log: [String] = []

    func open(_ now: Instant) throws -> PaperGate {
        self.now = now
        var setting = PaperSetting()
        setting.initialCash = yuan(100_000)
        setting.actions = actions
        let gate = PaperGate(PaperExchange(setting), disk: disk, boot: BootID("boot"))
        try gate.setup(
            GateDesk(
                options: [:], taskName: "t", folder: "/task", now: { [unowned self] in self.now }, day: { tuesday },
                zone: .shanghai, log: { [unowned self] in if $0 != .info { log.append($1) } }))
        return gate
    }

    func tick(_ gate: PaperGate, _ price: Double) {
        let tick = MarketTick(time: now, last: yuan(price), volume: 1000)
        gate.exchange.take(tick, of: gate.exchange.number(of: bank))
    }

    func ticket(_ gate: PaperGate, _ amount: Int64, _ pricing: Pricing) -> OrderTicket {
        OrderTicket(
            id: gate.nextID() ?? "none", security: bank, side: .buy, position: .long, amount: amount,
            pricing: pricing, day: tuesday, createdAt: now)
    }
}

/// A morning with fills, a batch and a cancel, in which the program dies once.
private final class PaperDay {
    private let desk = PaperDesk()
    private let stopAt: Int
    private let losingPower: Bool
    private let seed: UInt64
    private var given: [(ticket: OrderTicket, answer: Submission)] = []
    private var told: [OrderID: OrderUpdate] = [:]
    private var account: AccountSnapshot?
    private var place: String { "stop at \(stopAt), power lost: \(losingPower), seed \(seed)" }

    init(stopAt: Int, losingPower: Bool, seed: UInt64) {
        self.stopAt = stopAt
        self.losingPower = losingPower
        self.seed = seed
    }

    /// True if nothing was left to die at.
    func run() throws -> Bool {
        desk.disk.faults.stopAt = stopAt
        if let gate = try? desk.open(at(9, 30)) { morning(gate) }
        let isWhole = desk.disk.operations < stopAt
        let last = account
        desk.disk.crash(losingUnflushed: losingPower, seed: seed)

        let gate = try desk.open(at(9, 50))
        for (ticket, answer) in given {
            let presence = gate.find([ticket])[0]
            switch answer {
            case .sent: XCTAssertEqual(presence, .found, place)
            case .refused: XCTAssertEqual(presence, .absent, place)
            case .unknown: XCTAssertTrue([.found, .absent].contains(presence), place)
            }
        }
        gate.adopt(given.map(\.ticket))
        for update in gate.updates() {
            guard let before = told[update.id], case .state(let status) = before.news else { continue }
            // More may have been written than was told.
            XCTAssertGreaterThanOrEqual(update.filledAmount ?? -1, before.filledAmount ?? 0, place)
            if status.isFinished { XCTAssertEqual(update, before, "what was told stays true: \(place)") }
        }
        if isWhole { XCTAssertEqual(holdings(gate.exchange.snapshot(now: desk.now)), last.map(holdings), place) }
        check(gate)
        afternoon(gate)
        return isWhole
    }

    private func morning(_ gate: PaperGate) {
        desk.tick(gate, 10)
        give(gate, [(300, .market)])
        listen(gate)
        give(gate, [(200, .at(9.5)), (100, .market), (150, .market), (400, .at(9))])
        if let id = given.last?.ticket.id { _ = gate.cancel([id]) }
        listen(gate)
        desk.now = at(9, 40)
        desk.tick(gate, 9.4)
        give(gate, [(500, .at(9.1))])
        listen(gate)
    }

    /// The day goes on: no number comes twice, and what rests is filled.
    private func afternoon(_ gate: PaperGate) {
        let ticket = desk.ticket(gate, 100, .market)
        XCTAssertFalse(given.contains { $0.ticket.id == ticket.id }, place)
        XCTAssertEqual(gate.submit([ticket]), [.sent], place)
        desk.tick(gate, 9)
        check(gate)
        for (ticket, answer) in given where answer == .sent && ticket.pricing != .at(9) {
            guard let filled = gate.exchange.taken[ticket.id], !filled.isGone else { continue }
            XCTAssertEqual(filled.status, .filled, place)
        }
    }

    private func give(_ gate: PaperGate, _ orders: [(Int64, Pricing)]) {
        let tickets = orders.map { desk.ticket(gate, $0.0, $0.1) }
        given += zip(tickets, gate.submit(tickets)).map { ($0, $1) }.filter { $0.0.id != "none" }
    }

    private func listen(_ gate: PaperGate) {
        if let snapshot = gate.account() { account = snapshot }
        for update in gate.updates() { told[update.id] = update }
    }

    /// Cash, what was paid and the fees are what there was at the beginning.
    private func check(_ gate: PaperGate) {
        let exchange = gate.exchange
        let paid = exchange.books.reduce(Money.zero) { $0 + $1.long.basis }
        XCTAssertEqual(exchange.cash + paid + exchange.fees, yuan(100_000), place)
        let held = exchange.taken.all.map(\.frozen).reduce(.zero, +)
        XCTAssertEqual(exchange.frozen, held, place)
    }

    private func holdings(_ snapshot: AccountSnapshot) -> [Int64] {
        [snapshot.availableCash.units, snapshot.lockedCash.units]
            + snapshot.holdings.flatMap { [$0.amount, $0.available] }
    }
}
