import FileOrders
import Market
import Simulation
import Storage

/// Another program that writes orders into the same order file: whole rows under the lock, or one in two halves, and
/// flushed, so that none of them may be lost.
final class CrashNeighbour {
    /// The rows that were written, by their ids.
    private(set) var rows: [String: String] = [:]

    private let disk: SimulatedDisk
    private let format: OrderFileFormat
    private let account: String
    private let hasLocks: Bool
    private var random: SeededRandom
    /// A row of which only a part is there, while we hold the lock.
    private var half: (file: OpenFile, id: String, row: String, rest: [UInt8])?
    private var count = 0

    init(_ disk: SimulatedDisk, _ story: CrashStory, account: String, seed: UInt64) {
        self.disk = disk
        self.account = account
        format = story.format
        hasLocks = story.hasLocks
        random = SeededRandom(seed: seed)
        disk.faults.locking = story.locking
    }

    /// Writes a little, unless somebody holds the lock or has left half a line.
    func write(on day: Day) {
        do throws(DiskError) {
            if half != nil { try finish() } else { try begin(on: day) }
        } catch {
            half = nil
        }
    }

    /// Ends what is begun, before everybody goes home.
    func rest(on day: Day) { if half != nil { write(on: day) } }

    /// The machine died, and what was begun will never be finished.
    func die() { half = nil }

    private func begin(on day: Day) throws(DiskError) {
        let path = "\(CrashMachine.orders)/\(format.orders.name(on: day))"
        let file = try disk.open(path, .appendOrCreateForAll)
        var isHeld = false
        defer { if !isHeld { disk.close(file) } }
        // Without a lock one writes all the same.
        if let isFree = try? disk.tryLock(file), !isFree { return }
        let size = try disk.size(of: file)
        if size > 0, try disk.read(file, at: size - 1, count: 1) != [UInt8(ascii: "\n")] { return }
        let header = size == 0 && format.orders.hasHeader ? format.orders.header + "\n" : ""
        if hasLocks, random.oneIn(3) {
            let (id, row) = newRow()
            let bytes = Array((header + row + "\n").utf8)
            let cut = Int.random(in: 1..<bytes.count, using: &random)
            try disk.appendWhole(Array(bytes[..<cut]), to: file)
            half = (file, id, row, Array(bytes[cut...]))
            isHeld = true
            return
        }
        let new = (0..<Int.random(in: 1...3, using: &random)).map { _ in newRow() }
        try disk.appendWhole(Array((header + new.map { $0.row + "\n" }.joined()).utf8), to: file)
        try keep(file)
        for (id, row) in new { rows[id] = row }
    }

    private func finish() throws(DiskError) {
        guard let (file, id, row, rest) = half else { return }
        half = nil
        defer { disk.close(file) }
        try disk.appendWhole(rest, to: file)
        try keep(file)
        rows[id] = row
    }

    private func keep(_ file: OpenFile) throws(DiskError) {
        try disk.flush(file)
        try disk.flushFolder(CrashMachine.orders)
    }

    private func newRow() -> (id: String, row: String) {
        count += 1
        // A digit shorter than the task's: it looks for a free prefix once, and this program does not look at all.
        let id = String(17 * (format.ids.digits > 8 ? 10_000_000 : 100_000) + count)
        let values: [Field: String] = [
            .time: "100000.000000", .id: id, .instruction: format.codes.orderInstruction, .account: account,
            .counterType: format.counterTypes.first ?? "", .symbol: "600000.SH", .side: format.codes.buy,
            .amount: "100",
            .algorithm: format.algorithm ?? "", .priceType: format.codes.limit, .price: "10.00",
            .secondPrice: "10.00", .zero: "0",
        ]
        return (id, format.orders.columns.map { $0.field.flatMap { values[$0] } ?? "" }.joined(separator: ","))
    }
}
