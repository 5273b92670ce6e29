import Gates
import Market
import Storage
import TestSupport
import XCTest

@testable import Accounts

final class CostTests: XCTestCase {
    /// The last tenth of many orders costs what the first does, both measured in this run.
    func testAnOrderDoesNotCostMoreWithTheNumberOfOrders() throws {
        let broker = ScriptedBroker(cash: yuan(100_000_000))
        let gate = QuickGate(snapshot: broker.snapshot(day: ordinaryDay, at: at(9, 30)))
        var options = AccountOptions()
        options.mostPerMinute = .max
        options.mostPerDay = .max
        options.largestValuePerDay = nil
        let account = try Account.open(
            Account.Parts(gate: gate, folder: "/task", disk: ForgetfulDisk(), boot: BootID("1"), options: options),
            now: at(9, 30))
        let clock = ContinuousClock()
        let tenths = try (0..<10).map { tenth in
            try clock.measure {
                for number in 0..<300 {
                    _ = try account.give(OrderRequest(steel, 100, .limit(10)), at(9, 31 + tenth, number % 60))
                }
            }
        }
        let first = tenths.prefix(3).min() ?? .zero
        let last = tenths.suffix(3).min() ?? .zero
        // Whoever looks at all orders for each new one is ten times slower here; a busy machine is not.
        XCTAssertLessThan(last, first * 5, "\(tenths)")
    }
}

/// Sends everything and says nothing.
private final class QuickGate: TradeGate {
    let optionNames: [String] = []
    private let snapshot: AccountSnapshot

    init(snapshot: AccountSnapshot) { self.snapshot = snapshot }

    func setup(_ desk: GateDesk) throws {}
    func submit(_ tickets: [OrderTicket]) -> [Submission] { tickets.map { _ in .sent } }
    func cancel(_ ids: [OrderID]) -> [Submission] { ids.map { _ in .sent } }
    func account() -> AccountSnapshot? { snapshot }
    func updates() -> [OrderUpdate] { [] }
    func find(_ tickets: [OrderTicket]) -> [Presence] { tickets.map { _ in .absent } }
}

/// A disk that costs nothing and keeps nothing.
private final class ForgetfulDisk: FileStore {
    func open(_ path: String, _ mode: OpenMode) throws(DiskError) -> OpenFile { OpenFile(token: 1, path: path) }
    func close(_ file: OpenFile) {}
    func size(of file: OpenFile) throws(DiskError) -> Int { 0 }
    func read(_ file: OpenFile, at offset: Int, count: Int) throws(DiskError) -> [UInt8] { [] }
    func append(_ bytes: [UInt8], to file: OpenFile) throws(DiskError) -> Int { bytes.count }
    func truncate(_ file: OpenFile, to size: Int) throws(DiskError) {}
    func flush(_ file: OpenFile) throws(DiskError) {}
    func rename(_ path: String, to newPath: String) throws(DiskError) {}
    func remove(_ path: String) throws(DiskError) {}
    func makeOneFolder(_ path: String) throws(DiskError) {}
    func list(_ folder: String) throws(DiskError) -> [String] { [] }
    func flushFolder(_ folder: String) throws(DiskError) {}
    func identity(of path: String) throws(DiskError) -> FileIdentity? {
        FileIdentity(device: 1, inode: 1, size: 0, modified: 0, changed: 0, isFolder: true)
    }
    func identity(of file: OpenFile) throws(DiskError) -> FileIdentity {
        FileIdentity(device: 1, inode: 1, size: 0, modified: 0, changed: 0, isFolder: false)
    }
    func tryLock(_ file: OpenFile) throws(DiskError) -> Bool { true }
    func unlock(_ file: OpenFile) throws(DiskError) {}
    func isLocal(_ path: String) -> Bool { true }
}
