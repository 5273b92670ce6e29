import CSupport
import Simulation
import Storage
import TestSupport
import XCTest

/// The other tests lean on the simulated disk; these hold it to what it promises, and to the real one.
final class SimulatedDiskTests: XCTestCase {
    private func outcomes(_ prepare: (SimulatedDisk) throws -> Void, _ look: (SimulatedDisk) throws -> String) throws
        -> Set<String>
    {
        var found: Set<String> = []
        for seed in 0..<300 as Range<UInt64> {
            let disk = SimulatedDisk()
            try disk.makeFolder("/d")
            try prepare(disk)
            disk.crash(losingUnflushed: true, seed: seed)
            found.insert(try look(disk))
        }
        return found
    }

    private func content(_ disk: SimulatedDisk) throws -> String {
        guard let bytes = try disk.readFile("/d/f") else { return "none" }
        return bytes.map(String.init).joined()
    }

    func testUnflushedContentMayBeLostFromItsEnd() throws {
        let found = try outcomes(
            { disk in
                let file = try disk.open("/d/f", .createNew)
                _ = try disk.append([1], to: file)
                try disk.flush(file)
                try disk.flushFolder("/d")
                _ = try disk.append([2, 3], to: file)
            }, content)
        XCTAssertEqual(found, ["1", "12", "123", "120", "100"])
    }

    func testAnUnflushedCutMayBeUndone() throws {
        let found = try outcomes(
            { disk in
                try disk.replaceFile("/d/f", with: [1, 2, 3], durable: true)
                let file = try disk.open("/d/f", .append)
                try disk.truncate(file, to: 1)
                _ = try disk.append([9], to: file)
            }, content)
        XCTAssertEqual(found, ["123", "1", "19", "10"])
    }

    func testNamesAreSafeOnlyOnceTheFolderIsFlushed() throws {
        let found = try outcomes(
            { disk in
                try disk.replaceFile("/d/f", with: [1], durable: true)
                let file = try disk.open("/d/g", .createNew)
                try disk.appendWhole([2], to: file)
                try disk.flush(file)
                try disk.rename("/d/g", to: "/d/f")
                try disk.remove("/d/f")
            }, content)
        XCTAssertEqual(found, ["1", "2", "none"])
    }

    func testACrashWithoutPowerLossLosesNothingButLocksAndHandles() throws {
        let disk = SimulatedDisk()
        let file = try disk.open("/f", .createNew)
        _ = try disk.append([1], to: file)
        XCTAssertTrue(try disk.tryLock(file))
        disk.faults.stopAt = disk.operations
        XCTAssertThrowsError(try disk.append([2], to: file)) { error in
            XCTAssertEqual((error as? DiskError)?.code, SimulatedDisk.stopped)
        }
        disk.crash(losingUnflushed: false, seed: 0)
        XCTAssertThrowsError(try disk.append([3], to: file))
        XCTAssertEqual(try disk.readFile("/f"), [1])
        let again = try disk.open("/f", .append)
        XCTAssertTrue(try disk.tryLock(again))
    }

    func testLocks() throws {
        let disk = SimulatedDisk()
        let first = try disk.open("/f", .createNew)
        let second = try disk.open("/f", .append)
        XCTAssertTrue(try disk.tryLock(first))
        XCTAssertFalse(try disk.tryLock(second))
        try disk.unlock(second)
        XCTAssertFalse(try disk.tryLock(second))
        disk.faults.locking = .doesNothing
        XCTAssertTrue(try disk.tryLock(second))
        disk.faults.locking = .fails(ENOLCK)
        XCTAssertThrowsError(try disk.tryLock(first))
        disk.faults.locking = .works
        disk.close(first)
        XCTAssertTrue(try disk.tryLock(second))
    }

    /// The same random calls on a real folder and on a simulated one have the same results.
    func testDoesWhatARealDiskDoes() throws {
        let folder = try TemporaryFolder()
        let real = SystemDisk()
        let simulated = SimulatedDisk()
        try simulated.makeFolder(folder.path)
        for seed in 0..<300 as Range<UInt64> {
            let base = "\(folder.path)/\(seed)"
            try real.makeFolder(base)
            try simulated.makeFolder(base)
            var onReal = RandomCalls(seed: seed, base: base)
            var onSimulated = RandomCalls(seed: seed, base: base)
            for step in 0..<40 {
                XCTAssertEqual(onReal.step(on: real), onSimulated.step(on: simulated), "seed \(seed), step \(step)")
            }
            onReal.closeAll(on: real)
        }
    }
}

/// A sequence of calls that follows from its seed, each with a result in words.
private struct RandomCalls {
    private var random: SeededRandom
    private let base: String
    private var files: [OpenFile] = []

    init(seed: UInt64, base: String) {
        random = SeededRandom(seed: seed)
        self.base = base
    }

    mutating func step(on store: any FileStore) -> String {
        let path = "\(base)/\(["a", "b", "c/a", "c"].randomElement(using: &random) ?? "a")"
        let other = "\(base)/\(["a", "b", "d"].randomElement(using: &random) ?? "a")"
        let mode = [OpenMode.read, .append, .appendOrCreate, .createNew].randomElement(using: &random) ?? .read
        let number = Int.random(in: 0...5, using: &random)
        let file = files.randomElement(using: &random)
        do {
            switch (Int.random(in: 0..<12, using: &random), file) {
            case (0...2, _):
                files.append(try store.open(path, mode))
                return "open \(mode)"
            case (3, let file?):
                return "append \(try store.append(Array(repeating: UInt8(number), count: number), to: file))"
            case (4, let file?): return "read \(try store.read(file, at: number, count: number))"
            case (5, let file?): return "truncate \(try store.truncate(file, to: number)) \(try store.size(of: file))"
            case (6, let file?): return "lock \(try store.tryLock(file))"
            case (7, let file?): return "unlock \(try store.unlock(file))"
            case (8, _): return "rename \(try store.rename("\(base)/a", to: other))"
            case (9, _): return "remove \(try store.remove(path))"
            case (10, _): return "folder \(try store.makeOneFolder("\(base)/c"))"
            default: return "list \(try store.list(base)) \(try store.identity(of: path)?.isFolder ?? false)"
            }
        } catch {
            return "\(error.operation) \(error.code)"
        }
    }

    mutating func closeAll(on store: any FileStore) {
        for file in files { store.close(file) }
    }
}
