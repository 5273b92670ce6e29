import CSupport
import Market
import Simulation
import Storage
import XCTest

final class JournalTests: XCTestCase {
    private let path = "/tasks/demo/day.journal"
    private let boot = BootID("boot 1")

    private func disk() throws -> SimulatedDisk {
        let disk = SimulatedDisk()
        try disk.makeFolder("/tasks/demo")
        return disk
    }

    /// A disk whose journal holds these bytes.
    private func disk(holding bytes: [UInt8]) throws -> SimulatedDisk {
        let disk = try disk()
        try disk.replaceFile(path, with: bytes, durable: true)
        return disk
    }

    private func texts(_ records: [JournalRecord]) -> [String] {
        records.map { String(decoding: $0.payload, as: UTF8.self) }
    }

    private func writeThree(on disk: SimulatedDisk) throws -> [UInt8] {
        let (journal, _) = try Journal.open(path: path, store: disk, boot: boot)
        try journal.append(Array("one".utf8), at: Instant(nanoseconds: 1), flush: true)
        var records = JournalRecords(boot: boot)
        records.add(at: Instant(nanoseconds: -3)) { _ in }
        records.add(at: Instant(nanoseconds: -3)) { $0 += "three".utf8 }
        try journal.append(&records, flush: false)
        return try XCTUnwrap(disk.readFile(path))
    }

    func testRecordsComeBackAsTheyWere() throws {
        let disk = try disk()
        _ = try writeThree(on: disk)
        let records = try Journal.read(path: path, store: disk)
        XCTAssertEqual(texts(records), ["one", "", "three"])
        XCTAssertEqual(records.map(\.time.nanoseconds), [1, -3, -3])
        XCTAssertEqual(records.map(\.boot), [boot, boot, boot])
        XCTAssertNotEqual(records[0].boot, BootID("boot 2"))

        let (journal, again) = try Journal.open(path: path, store: disk, boot: BootID("boot 2"))
        XCTAssertEqual(again, records)
        XCTAssertEqual(journal.bytesCutAtOpening, 0)
        try journal.append(Array("four".utf8), at: Instant(nanoseconds: 4), flush: false)
        XCTAssertEqual(try Journal.read(path: path, store: disk).last?.boot, BootID("boot 2"))
        XCTAssertEqual(try Journal.read(path: "/tasks/none", store: disk), [])
    }

    func testRecordsOfAnyNumberAndLengthComeBack() throws {
        var random = SeededRandom(seed: 4)
        for count in 0...13 {
            let disk = try disk()
            let (journal, _) = try Journal.open(path: path, store: disk, boot: boot)
            var records = JournalRecords(boot: boot)
            let payloads = (0..<count).map { _ in
                (0..<Int.random(in: 0...200, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
            }
            for payload in payloads { records.add(at: Instant(nanoseconds: 5)) { $0 += payload } }
            try journal.append(&records, flush: false)
            XCTAssertEqual(try Journal.read(path: path, store: disk).map(\.payload), payloads)
        }
    }

    func testTheChecksumIsThatOfEveryJournalSoFar() throws {
        let disk = try disk()
        let bytes = try writeThree(on: disk)
        // FNV-1a of what follows it, as the first journals have it.
        for (start, end) in [(18, 49), (49, 77), (77, 110)] {
            let sum = bytes[(start + 8)..<end].reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
                ($0 ^ UInt64($1)) &* 0x100_0000_01B3
            }
            XCTAssertEqual(
                Array(bytes[start..<(start + 8)]), (0..<8).map { UInt8(truncatingIfNeeded: sum >> (8 * $0)) })
        }
    }

    func testAnAppendIsOneWriteAndAFlushOne() throws {
        let disk = try disk()
        let (journal, _) = try Journal.open(path: path, store: disk, boot: boot)
        let before = disk.operations
        var records = JournalRecords(boot: boot)
        for _ in 0..<1000 { records.add(at: Instant(nanoseconds: 1)) { $0 += [1, 2, 3] } }
        try journal.append(&records, flush: true)
        XCTAssertEqual(disk.log[before...].map(\.operation), [.append, .flush])
    }

    func testCutAtEveryByteLosesOnlyWhatWasCut() throws {
        let whole = try writeThree(on: try disk())
        let sizes = [18, 18 + 28 + 3, 18 + 28 + 3 + 28, whole.count]
        for length in 0...whole.count {
            let disk = try disk(holding: Array(whole.prefix(length)))
            let kept = sizes.filter { $0 <= length }.count - 1
            let expected = Array(["one", "", "three"].prefix(max(kept, 0)))
            XCTAssertEqual(texts(try Journal.read(path: path, store: disk)), expected, "\(length)")

            let (journal, records) = try Journal.open(path: path, store: disk, boot: boot)
            XCTAssertEqual(texts(records), expected, "\(length)")
            XCTAssertEqual(journal.bytesCutAtOpening, kept < 0 ? 0 : length - sizes[kept], "\(length)")
            try journal.append(Array("next".utf8), at: Instant(nanoseconds: 9), flush: true)
            XCTAssertEqual(texts(try Journal.read(path: path, store: disk)), expected + ["next"], "\(length)")
        }
    }

    func testEveryFlippedBitIsSeen() throws {
        let whole = try writeThree(on: try disk())
        let last = 18 + 28 + 3 + 28
        for bit in 0..<(whole.count * 8) {
            var bytes = whole
            bytes[bit / 8] ^= 1 << (bit % 8)
            let disk = try disk(holding: bytes)
            let open = { try Journal.open(path: self.path, store: disk, boot: self.boot) }
            if bit / 8 >= last {
                XCTAssertEqual(texts(try open().records), ["one", ""], "bit \(bit)")
                continue
            }
            XCTAssertThrowsError(try open(), "bit \(bit)") { error in
                let offset = bit / 8 < 18 + 28 + 3 ? 18 : 18 + 28 + 3
                let expected: JournalError.Reason = bit / 8 < 18 ? .foreign : .damaged(offset: offset)
                XCTAssertEqual((error as? JournalError)?.reason, expected, "bit \(bit)")
                XCTAssertTrue("\(error)".contains(path))
            }
            XCTAssertThrowsError(try Journal.read(path: path, store: disk))
            XCTAssertEqual(try disk.readFile(path), bytes, "a damaged journal stays as it is")
        }
    }

    func testGarbageAndZerosAtTheEndAreACrash() throws {
        let whole = try writeThree(on: try disk())
        var random = SeededRandom(seed: 7)
        for round in 0..<200 {
            let zeros = round.isMultiple(of: 2)
            let tail = (0..<Int.random(in: 1...200, using: &random)).map { _ in
                zeros ? 0 : UInt8.random(in: 0...255, using: &random)
            }
            let (journal, records) = try Journal.open(path: path, store: try disk(holding: whole + tail), boot: boot)
            XCTAssertEqual(texts(records), ["one", "", "three"])
            XCTAssertEqual(journal.bytesCutAtOpening, tail.count)
        }
    }

    func testAFailedOrShortWriteIsTakenBack() throws {
        let disk = try disk()
        let (journal, _) = try Journal.open(path: path, store: disk, boot: boot)
        try journal.append([1], at: Instant(nanoseconds: 1), flush: false)
        for taken in [0, 1, 20] {
            disk.faults.shortWrites = [disk.operations: taken]
            XCTAssertThrowsError(try journal.append([2], at: Instant(nanoseconds: 2), flush: true)) { error in
                guard case .disk(let cause) = (error as? JournalError)?.reason else { return XCTFail("\(error)") }
                XCTAssertEqual(cause.code, ENOSPC)
            }
        }
        try journal.append([3], at: Instant(nanoseconds: 3), flush: true)
        XCTAssertEqual(try Journal.read(path: path, store: disk).map(\.payload), [[1], [3]])
    }

    func testWhatCannotBeTakenBackOrFlushedBreaksTheJournal() throws {
        for failing in [DiskOperation.truncate, .flush] {
            let disk = try disk()
            let (journal, _) = try Journal.open(path: path, store: disk, boot: boot)
            disk.faults.failures = [disk.operations + 1: EIO]
            if failing == .truncate { disk.faults.shortWrites = [disk.operations: 5] }
            let expected = JournalError.Reason.broken(DiskError(failing, path, code: EIO))
            for _ in 0..<2 {
                XCTAssertThrowsError(try journal.append([1], at: Instant(nanoseconds: 1), flush: true)) { error in
                    XCTAssertEqual((error as? JournalError)?.reason, expected)
                }
            }
            XCTAssertThrowsError(try journal.flush())
        }
    }

    func testAPayloadThatIsTooLongIsRefused() throws {
        let disk = try disk()
        let (journal, _) = try Journal.open(path: path, store: disk, boot: boot)
        let long = [UInt8](repeating: 1, count: 16 << 20 + 1)
        var records = JournalRecords(boot: boot)
        records.add(at: Instant(nanoseconds: 1)) { $0.append(1) }
        let end = records.end
        records.add(at: Instant(nanoseconds: 1)) { $0 += long }
        XCTAssertThrowsError(try journal.append(&records, flush: false))
        XCTAssertEqual(try Journal.read(path: path, store: disk), [])
        records.remove(from: end)
        try journal.append(&records, flush: false)
        XCTAssertEqual(try Journal.read(path: path, store: disk).map(\.payload), [[1]])
    }

    /// A process dies before its flush, and the next reads what it left and acts on it: then that must stay.
    func testWhatOpeningTellsSurvivesAPowerCut() throws {
        for seed in 0..<20 as Range<UInt64> {
            let disk = try disk()
            _ = try writeThree(on: disk)
            disk.crash(losingUnflushed: false, seed: seed)
            XCTAssertEqual(texts(try Journal.open(path: path, store: disk, boot: boot).records), ["one", "", "three"])
            disk.crash(losingUnflushed: true, seed: seed)
            XCTAssertEqual(texts(try Journal.read(path: path, store: disk)), ["one", "", "three"], "seed \(seed)")
        }
    }

    /// A program that keeps a journal dies before each of its operations, with and without the power. What was flushed
    /// is there, nothing is there that was not written, and the order is kept.
    func testDeathAtEveryOperation() throws {
        for losingUnflushed in [false, true] {
            var stopAt = 0
            var finished = false
            while !finished {
                for seed in 0..<8 as Range<UInt64> {
                    let disk = SimulatedDisk()
                    disk.faults.stopAt = stopAt
                    let run = JournalRun(disk: disk, path: path, boot: boot)
                    finished = run.appendTen()
                    disk.crash(losingUnflushed: losingUnflushed, seed: seed)
                    let place = "stopped at \(stopAt), seed \(seed), power lost: \(losingUnflushed)"
                    try disk.makeFolder("/tasks/demo")
                    let (_, records) = try Journal.open(path: path, store: disk, boot: boot)
                    let found = records.map { Int($0.payload[0]) }
                    XCTAssertEqual(found, Array(0..<found.count), place)
                    XCTAssertGreaterThanOrEqual(found.count, losingUnflushed ? run.flushed : run.written, place)
                    XCTAssertLessThanOrEqual(found.count, run.tried, place)
                }
                stopAt += 1
            }
            XCTAssertGreaterThan(stopAt, 20)
        }
    }
}

/// Ten records, each third of them flushed, and how far that came.
private final class JournalRun {
    private let disk: SimulatedDisk
    private let path: String
    private let boot: BootID
    private(set) var tried = 0
    private(set) var written = 0
    private(set) var flushed = 0

    init(disk: SimulatedDisk, path: String, boot: BootID) {
        self.disk = disk
        self.path = path
        self.boot = boot
    }

    /// True if it got to its end.
    func appendTen() -> Bool {
        do {
            try disk.makeFolder("/tasks/demo")
            let (journal, _) = try Journal.open(path: path, store: disk, boot: boot)
            for number in 0..<10 {
                let flush = number % 3 == 2
                tried += 1
                try journal.append([UInt8(number)], at: Instant(nanoseconds: 0), flush: flush)
                written += 1
                if flush { flushed = written }
            }
            return true
        } catch {
            return false
        }
    }
}
