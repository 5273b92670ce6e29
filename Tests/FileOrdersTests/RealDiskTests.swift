import CSupport
import FileOrders
import Gates
import Market
import Notation
import Simulation
import Storage
import TestSupport
import Time
import XCTest

/// The same on a real disk, where another process writes to the same file.
final class RealDiskTests: XCTestCase {
    private let disk = SystemDisk()
    private let day = Folder.today

    private func gate(_ folder: TemporaryFolder) throws -> FileOrderGate {
        let clock = SystemClock()
        let gate = FileOrderGate(
            format: .oneQuant, disk: disk, clock: clock, random: SeededRandom(seed: UInt64(folder.path.utf8.count)))
        let start = MarketZone.shanghai.instant(day, TimeOfDay(10, 0))
        let options: [String: JSON] = ["account_no": "1234567", "order_dir": .text(folder.path)]
        try disk.makeFolder(folder.path + "/own")
        try gate.setup(
            GateDesk(
                options: options, taskName: "t", folder: folder.path + "/own", now: { start }, day: { self.day },
                zone: .shanghai, log: { _, _ in }))
        return gate
    }

    private func ticket(_ gate: FileOrderGate) -> OrderTicket {
        OrderTicket(
            id: gate.nextID() ?? "", security: Security("000001.XSHE"), side: .buy, position: .long, amount: 100,
            pricing: .limit(Money(units: 100_000)), day: day, createdAt: Instant(nanoseconds: 0), mark: gate.mark())
    }

    private func lines(_ path: String) throws -> [String] {
        let text = String(decoding: try disk.readFile(path) ?? [], as: UTF8.self)
        XCTAssertTrue(text.hasSuffix("\n"))
        return text.split(separator: "\n").map(String.init)
    }

    func testOrdersAndTheirReports() throws {
        let folder = try TemporaryFolder()
        let gate = try gate(folder)
        let tickets = [ticket(gate), ticket(gate), ticket(gate)]
        XCTAssertEqual(gate.submit(Array(tickets.prefix(2))), [.sent, .sent])
        XCTAssertEqual(gate.find(tickets), [.found, .found, .absent])
        let path = "\(folder.path)/orderUpdate_20261120.csv"
        let header = OrderFileFormat.oneQuant.reports.header + "\n"
        let file = try disk.open(path, .createNew)
        defer { disk.close(file) }
        try disk.appendWhole(
            Array("\(header),20261120,100001,,,,1,2,100,10,,100,10,1000,0,1,,\(tickets[0].id),,\n".utf8), to: file)
        XCTAssertEqual(gate.updates().map(\.status), [.filled])
        XCTAssertEqual(gate.updates(), [])
    }

    func testWhatIsMadeForTheTerminalIsNotOursAlone() throws {
        let folder = try TemporaryFolder()
        let gate = try gate(folder)
        let mask = umask(0o022)
        defer { umask(mask) }
        XCTAssertEqual(gate.submit([ticket(gate)]), [.sent])
        var about = stat()
        XCTAssertEqual(stat("\(folder.path)/algoOrder_20261120.csv", &about), 0)
        XCTAssertEqual(about.st_mode & 0o777, 0o644)
    }

    /// A second process appends rows under `flock`, each in two writes, while orders go out.
    func testTwoWriters() throws {
        guard access("/usr/bin/flock", X_OK) == 0 else { throw XCTSkip("there is no /usr/bin/flock here") }
        let folder = try TemporaryFolder()
        let gate = try gate(folder)
        let path = "\(folder.path)/algoOrder_20261120.csv"
        let header = OrderFileFormat.oneQuant.orders.header
        let script = """
            i=0
            while [ $i -lt 100 ]; do
                (flock 9; [ -s "$0" ] || echo '\(header)' >&9
                 printf '100000.0,other%s,UM0,7,000001' $i >&9
                 printf '.SZ,1,100,DMA,AT,0,1,1\\n' >&9) 9>>"$0"
                i=$((i + 1))
            done
            """
        let other = try ShellProcess(script, path)
        var sent: [OrderID] = []
        for _ in 0..<300 {
            let ticket = ticket(gate)
            XCTAssertEqual(gate.submit([ticket]), [.sent])
            sent.append(ticket.id)
        }
        XCTAssertTrue(other.endsWell())
        let rows = try lines(path)
        XCTAssertEqual(rows.filter { $0 == header }.count, 1)
        XCTAssertEqual(rows.first, header)
        XCTAssertTrue(rows.allSatisfy { $0.split(separator: ",", omittingEmptySubsequences: false).count == 12 })
        XCTAssertEqual(rows.filter { $0.contains(",other") }.count, 100)
        XCTAssertEqual(Set(rows.dropFirst().map { $0.split(separator: ",")[1] }).count, 400)
        for id in sent { XCTAssertTrue(rows.contains { $0.contains(",\(id),") }) }
    }
}
