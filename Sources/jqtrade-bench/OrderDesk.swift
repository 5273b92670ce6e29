import Accounts
import CSupport
import FileOrders
import Gates
import Market
import Notation
import Storage
import Time

/// An account with the gate to OneQuant on the real disk, in this process, and a hand that writes what the terminal
/// would.
final class OrderDesk {
    static let security = Security("000001.XSHE")
    static let accountNumber = "1234567"

    let folder: String
    let gate: FileOrderGate
    let account: Account
    private let disk = SystemDisk()
    private let began: Int64
    private static let day = Day(number: 20_777)  // Friday 2026-11-20
    private static let format = OrderFileFormat.oneQuant

    /// A desk with a folder of its own in the workplace; with others' cash and positions.
    init(_ name: String, in workplace: Workplace, positions: Int = 1) throws {
        let folder = "\(workplace.folder)/\(name)"
        self.folder = folder
        try disk.makeFolder(folder + "/terminal")
        try disk.makeFolder(folder + "/task/gate")
        let began = stopwatch()
        self.began = began
        gate = FileOrderGate(format: Self.format, disk: disk, clock: SystemClock())
        try gate.setup(
            GateDesk(
                options: ["account_no": .text(Self.accountNumber), "order_dir": .text(folder + "/terminal")],
                taskName: name, folder: folder + "/task/gate", now: { Self.now(since: began) }, day: { Self.day },
                zone: .shanghai, log: { _, _ in }))
        account = try Account.open(
            Account.Parts(
                gate: gate, folder: folder + "/task", disk: disk, boot: BootID(SystemClock.bootID()),
                options: Self.withoutLimits), now: Self.now(since: began))
        try writeAccount(positions: positions)
        _ = account.sync(now: now)
    }

    /// The morning of the desk's day, as it passes.
    var now: Instant { Self.now(since: began) }

    private static func now(since began: Int64) -> Instant {
        MarketZone.shanghai.instant(day, TimeOfDay(10, 0)) + TimeSpan(nanoseconds: stopwatch() - began)
    }

    private static var withoutLimits: AccountOptions {
        var options = AccountOptions()
        options.largestOrderValue = nil
        options.largestValuePerDay = nil
        options.mostPerMinute = .max
        options.mostPerDay = .max
        options.longestSilence = .zero
        return options
    }

    /// Gives so many orders at once.
    @discardableResult
    func give(_ count: Int) throws -> [OrderID] {
        let request = OrderRequest(Self.security, 1000, .limit(10.1))
        return try account.submit([OrderRequest](repeating: request, count: count), now: now).map { try $0.get() }
    }

    // MARK: The terminal's files

    func writeAccount(positions: Int) throws {
        let number = Self.accountNumber
        try write(
            Self.format.assets,
            "acct,exchange,totalAsset,enabledBalance,currentBalance\n\(number),,90000000000,80000000000,80000000000\n,,,,\n")
        var text = "acct,symbol,currentQty,enabledQty,costPrice,lastPrice,mktValue\n"
        for place in 0..<positions {
            text += "\(number),\(600_000 + place).SH,\(1000 + place),1000,10.123,\(10 + place % 7).25,12345.67\n"
        }
        try write(Self.format.positions, text + ",,,,,,\n")
    }

    /// Writes the reports of a day anew: for each of these ids so many rows, the last of which says that it is filled.
    func writeReports(_ ids: [OrderID], rowsEach: Int) throws {
        var text = Self.format.reports.header + "\n"
        for row in 1...rowsEach {
            for (place, id) in ids.enumerated() {
                let (filled, status) = row == rowsEach ? (1000, 2) : (row * 10, 1)
                text +=
                    "100001.123456,20261120,100001,UM0,\(Self.accountNumber),000001.SZ,1,\(status),1000,10.1,AT,\(filled)"
                    + ",10.1,\(filled / 10 * 101),0,\(place),,\(id),,\n"
            }
        }
        try write(Self.format.reports, text)
    }

    private func write(_ layout: FileLayout?, _ text: String) throws {
        guard let layout else { throw BenchError("the format has no such file") }
        try disk.replaceFile("\(folder)/terminal/\(layout.name(on: Self.day))", with: Array(text.utf8), durable: false)
    }
}
