import FileOrders
import Gates
import Market
import MarketData
import Simulation
import Storage
import TestSupport
import XCTest

/// A terminal at its folder on a simulated disk, and a client beside it.
final class TerminalRig {
    static let day = "20261120"
    let disk = SimulatedDisk()
    let client: SimulatedDisk
    let ledger: TerminalLedger
    var settings: TerminalSettings
    /// Whether the terminal notes which files are its own.
    private let claims: Bool
    /// The market behind the terminal, anew for each one; nil: fills at the limit.
    let feed: (TerminalRig) throws -> (any MarketFeed)?
    private(set) var now = shanghai("2026-11-20 09:30")
    private(set) var terminal: BrokerTerminal
    private(set) var news: [String] = []

    init(
        _ format: OrderFileFormat = .oneQuant, faults: String = "", seed: UInt64 = 1, cash: Double = 1_000_000,
        holdings: [String: Int64] = [:], claims: Bool = false, change: (inout TerminalSettings) -> Void = { _ in },
        feed: @escaping (TerminalRig) throws -> (any MarketFeed)? = { _ in nil }
    ) throws {
        self.feed = feed
        self.claims = claims
        client = disk.forAnotherProgram()
        try client.makeFolder("/orders")
        var held: [Security: TerminalAccount.Holding] = [:]
        for (code, amount) in holdings {
            held[Security(code)] = TerminalAccount.Holding(amount: amount, costPrice: Money(units: 80_000))
        }
        settings = TerminalSettings(
            format: format, folder: "/orders", account: "8890",
            opening: TerminalAccount(cash: Money(cash) ?? .zero, holdings: held))
        settings.faults = faults.isEmpty ? TerminalFaults() : try TerminalFaults(faults)
        settings.seed = seed
        change(&settings)
        ledger = try TerminalLedger(path: "/ledger", store: disk, for: .init(settings))
        terminal = BrokerTerminal(settings, store: disk, ledger: ledger)
        terminal = BrokerTerminal(settings, store: disk, ledger: ledger, feed: try feed(self), claim: try claim())
        listen()
    }

    /// Another terminal with the same folder and ledger; the first is gone without a word.
    func restart(seed: UInt64 = 2) {
        disk.endProgram()
        settings.seed = seed
        if let ledger = try? TerminalLedger(path: "/ledger", store: disk, for: .init(settings)) {
            terminal = BrokerTerminal(
                settings, store: disk, ledger: ledger, feed: (try? feed(self)) ?? nil, claim: (try? claim()) ?? nil)
        }
        listen()
    }

    private func claim() throws -> TerminalClaim? {
        guard claims else { return nil }
        let claim = try TerminalClaim(settings, store: disk, on: settings.hours.tradingDay(at: now))
        let path = "/orders/\(TerminalClaim.fileName)"
        claim.keep = { [disk] note throws(DiskError) in
            try disk.replaceFile(path, with: Array(note.utf8), durable: false)
        }
        return claim
    }

    private func listen() { terminal.onNews = { [unowned self] in news.append($0) } }

    /// Lets so much time pass, with a look at the disk after each step.
    func run(seconds: Double, _ look: () throws -> Void = {}) throws {
        let end = now + TimeSpan(seconds: seconds)
        while now < end {
            let next = try terminal.step(now: now)
            XCTAssertGreaterThan(next, now, "a terminal that is always due")
            try look()
            now = min(next, end)
        }
    }

    /// Lets time pass until the market's clock shows this.
    func run(to clock: String) throws {
        try run(seconds: Double((shanghai(clock) - now).nanoseconds) / 1e9)
    }

    /// Lets time pass while nobody looks.
    func skip(seconds: Double) { now = now + TimeSpan(seconds: seconds) }

    /// Appends to one of the client's files, with a header first if it is new.
    func append(_ text: String, to layout: FileLayout) throws {
        let file = try client.open(path(layout), .appendOrCreate)
        defer { client.close(file) }
        let header = try client.size(of: file) == 0 && layout.hasHeader ? layout.header + "\n" : ""
        try client.appendWhole(Array((header + text).utf8), to: file)
    }

    func buy(_ id: String, _ amount: Int = 1000, at price: String = "10.5", code: String = "000001.SZ") throws {
        try append(row(id, side: 1, amount, price, code) + "\n", to: settings.format.orders)
    }

    func sell(_ id: String, _ amount: Int = 1000, at price: String = "10.5", code: String = "000001.SZ") throws {
        try append(row(id, side: 2, amount, price, code) + "\n", to: settings.format.orders)
    }

    func cancel(_ id: String) throws { try append("093001.000000,\(id)\n", to: settings.format.cancels) }

    func row(
        _ id: String, side: Int = 1, _ amount: Int = 1000, _ price: String = "10.5", _ code: String = "000001.SZ",
        account: String = "8890", type: String = "AT"
    ) -> String {
        "093000.123456,\(id),UM0,\(account),\(code),\(side),\(amount),DMA,\(type),0,\(price),\(price)"
    }

    func path(_ layout: FileLayout) -> String { "/orders/\(layout.name(on: settings.hours.tradingDay(at: now)))" }

    /// The whole lines of a file, as they stand there.
    func lines(_ layout: FileLayout) throws -> [String] {
        let text = TextReader(settings.encoding)
        guard let bytes = try client.readFile(path(layout)) else { return [] }
        return bytes.split(separator: UInt8(ascii: "\n")).map { text.text($0[...]) }
    }

    /// A column of all rows of a file that are no header.
    func column(_ field: Field, _ layout: FileLayout) throws -> [String] {
        let place = layout.columns.firstIndex { $0.field == field } ?? 0
        return try lines(layout).filter { $0 != layout.header }.map { line in
            let fields = line.split(separator: ",", omittingEmptySubsequences: false)
            return place < fields.count ? String(fields[place]) : ""
        }
    }

    var results: FileLayout { settings.format.results ?? settings.format.reports }
    var reports: FileLayout { settings.format.reports }
    var statuses: [String] { get throws { try column(.status, reports) } }
    func accepted() -> [TerminalOrder] { terminal.ledger.orders }
}
