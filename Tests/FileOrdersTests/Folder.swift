import CSupport
import FileOrders
import Gates
import Market
import Notation
import Simulation
import Storage
import Time
import XCTest

/// A folder on a simulated disk, a gate that works in it, and a hand that plays the terminal and everybody else.
final class Folder {
    let disk = SimulatedDisk()
    let clock: VirtualClock
    let format: OrderFileFormat
    var day: Day
    var gate: FileOrderGate
    private(set) var log: [(level: GateLogLevel, text: String)] = []
    private var seed: UInt64

    static let today = Day("2026-11-20") ?? Day(number: 0)

    init(
        _ format: OrderFileFormat = .oneQuant, at time: TimeOfDay = TimeOfDay(10, 0), seed: UInt64 = 1,
        options: [String: JSON] = [:]
    ) throws {
        self.format = format
        self.seed = seed
        day = Folder.today
        clock = VirtualClock(start: MarketZone.shanghai.instant(Folder.today, time))
        gate = FileOrderGate(format: format, disk: disk, clock: clock, random: SeededRandom(seed: seed))
        try disk.makeFolder("/o")
        try disk.makeFolder("/t")
        let clock = clock
        disk.clock = { clock.now.nanoseconds }
        try gate.setup(desk(options))
    }

    func desk(_ options: [String: JSON] = [:]) -> GateDesk {
        let standard: [String: JSON] = ["account_no": "1234567", "order_dir": "/o"]
        return GateDesk(
            options: standard.merging(options) { _, other in other }, taskName: "t", folder: "/t",
            now: { [clock] in clock.now }, day: { [unowned self] in day }, zone: .shanghai,
            log: { [unowned self] in log.append(($0, $1)) })
    }

    /// Another run of the program on the same folder.
    func restart(_ options: [String: JSON] = [:]) throws {
        seed += 1
        gate = FileOrderGate(format: format, disk: disk, clock: clock, random: SeededRandom(seed: seed))
        try gate.setup(desk(options))
    }

    func ticket(
        _ id: OrderID? = nil, _ code: String = "000001.XSHE", _ side: TradeSide = .buy, position: PositionSide = .long,
        amount: Int64 = 100, pricing: Pricing = .limit(Money(units: 101_000)), mark: String? = nil
    ) -> OrderTicket {
        OrderTicket(
            id: id ?? gate.nextID() ?? "", security: Security(code), side: side, position: position, amount: amount,
            pricing: pricing, day: day, createdAt: clock.now, mark: mark ?? gate.mark())
    }

    func pass(_ span: TimeSpan) {
        var none: [Watch] = []
        _ = clock.wait(until: clock.now + span, watching: &none)
    }

    func path(_ layout: FileLayout?) -> String { "/o/\(layout?.name(on: day) ?? "none")" }
    var orders: String { path(format.orders) }

    func lines(_ path: String) -> [String] { text(path).split(whereSeparator: \.isNewline).map(String.init) }
    func text(_ path: String) -> String {
        String(decoding: (try? disk.readFile(path)) ?? [], as: UTF8.self)
    }

    func append(_ path: String, _ text: String) throws { try append(path, Array(text.utf8)) }
    func append(_ path: String, _ bytes: [UInt8]) throws {
        let file = try disk.open(path, .appendOrCreate)
        defer { disk.close(file) }
        try disk.appendWhole(bytes, to: file)
    }

    func rewrite(_ path: String, _ text: String) throws {
        let file = try disk.open(path, .appendOrCreate)
        defer { disk.close(file) }
        try disk.truncate(file, to: 0)
        try disk.appendWhole(Array(text.utf8), to: file)
    }

    /// A row of orderUpdate.
    func report(
        _ id: String, _ status: String, filled: String = "0", price: String = "0", value: String = "0",
        canceled: String = "0", text: String = ""
    ) -> String {
        "100001.5,20261120,100001,UM0,1234567,000001.SZ,1,\(status),100,10.1,AT,\(filled),\(price),\(value),\(canceled),"
            + "77,,\(id),\(text),"
    }

    var reports: String { path(format.reports) }
    var results: String { path(format.results) }
    var reportHeader: String { format.reports.header + "\n" }
    var resultHeader: String { (format.results?.header ?? "") + "\n" }

    func logged(_ part: String) -> Int { log.filter { $0.text.contains(part) }.count }
    func hasLogged(_ part: String, _ level: GateLogLevel) -> Bool {
        log.contains { $0.text.contains(part) && $0.level == level }
    }
}

extension OrderUpdate {
    var status: OrderStatus? {
        if case .state(let status) = news { status } else { nil }
    }
}

extension Submission {
    var isRefused: Bool {
        if case .refused = self { true } else { false }
    }
    var isUnknown: Bool {
        if case .unknown = self { true } else { false }
    }
    var reason: String {
        switch self {
        case .sent: ""
        case .refused(let reason), .unknown(let reason): reason
        }
    }
}

extension Presence {
    var doubt: String? {
        if case .inDoubt(let reason) = self { reason } else { nil }
    }
}
