import FileOrders
import Gates
import Market
import Storage
import XCTest

/// Nothing on the folder holds the loop longer than `wait_lock_time_out` in all, however many calls there are.
final class PatienceTests: XCTestCase {
    private let timeout = TimeSpan.seconds(5)

    /// A folder whose order file another program holds.
    private func held(_ options: [String: Int] = [:]) throws -> (Folder, OpenFile) {
        let folder = try Folder(options: options.mapValues { .integer(Int64($0)) })
        _ = folder.gate.submit([folder.ticket()])
        let other = try folder.disk.open(folder.orders, .append)
        XCTAssertTrue(try folder.disk.tryLock(other))
        return (folder, other)
    }

    private func time(_ folder: Folder, _ work: () -> Void) -> TimeSpan {
        let begin = folder.clock.elapsed
        work()
        return folder.clock.elapsed - begin
    }

    func testManyOrdersWaitForOneLockNoLongerThanOne() throws {
        let (folder, other) = try held()
        let took = time(folder) {
            for _ in 0..<4 {
                let answer = folder.gate.submit([folder.ticket()])[0]
                XCTAssertTrue(answer.isRefused, "\(answer)")
            }
        }
        XCTAssertEqual(took, timeout)
        XCTAssertEqual(folder.lines(folder.orders).count, 2)
        folder.disk.close(other)
        XCTAssertEqual(time(folder) { XCTAssertEqual(folder.gate.submit([folder.ticket()]), [.sent]) }, .zero)
    }

    func testWhatWasWaitedIsEarnedBackWhileNothingWaits() throws {
        let (folder, _) = try held()
        _ = folder.gate.submit([folder.ticket()])
        folder.pass(.seconds(2))
        XCTAssertEqual(time(folder) { _ = folder.gate.submit([folder.ticket()]) }, .seconds(2))
        folder.pass(.seconds(60))
        XCTAssertEqual(time(folder) { _ = folder.gate.submit([folder.ticket()]) }, timeout)
    }

    func testOrdersCancelsAndTheAccountShareOnePatience() throws {
        let (folder, _) = try held()
        try folder.append(folder.path(folder.format.cancels), "updTime,custBatchNo\n")
        let cancels = try folder.disk.open(folder.path(folder.format.cancels), .append)
        _ = try folder.disk.tryLock(cancels)
        try folder.append(folder.path(folder.format.assets), "half")
        try folder.append(folder.path(folder.format.positions), "half")
        let took = time(folder) {
            XCTAssertNil(folder.gate.account())
            _ = folder.gate.submit([folder.ticket()])
            XCTAssertTrue(folder.gate.cancel(["1234567890"])[0].isRefused)
            XCTAssertNil(folder.gate.account())
        }
        XCTAssertEqual(took, timeout)
    }

    func testWhoMustNotWaitTriesOnce() throws {
        let (folder, other) = try held(["wait_lock_time_out": 0])
        XCTAssertEqual(time(folder) { XCTAssertTrue(folder.gate.submit([folder.ticket()])[0].isRefused) }, .zero)
        folder.disk.close(other)
        folder.disk.takeTime(.milliseconds(10), on: folder.clock)
        XCTAssertEqual(folder.gate.submit([folder.ticket()]), [.sent])
    }

    /// The folder is not slow because somebody takes his time with what it tells.
    func testWhatIsDoneWithNewsIsNotTheFoldersTime() throws {
        let folder = try Folder()
        let ticket = folder.ticket()
        XCTAssertEqual(folder.gate.submit([ticket]), [.sent])
        try folder.append(folder.results, folder.resultHeader + "100000.1,1,\(ticket.id),0,0,\n")
        try folder.append(folder.reports, folder.reportHeader + folder.report(ticket.id, "0") + "\n")
        var heard = 0
        folder.gate.tellUpdates { _ in
            heard += 1
            folder.pass(.seconds(60))
        }
        XCTAssertEqual(heard, 2, "the reports are read though the answers took a minute")
        XCTAssertEqual(folder.gate.submit([folder.ticket()]), [.sent])
    }

    /// A disk that takes seconds for each call is left alone once it was too slow.
    func testASlowFolderIsLeftAloneForAWhile() throws {
        let folder = try Folder()
        let tickets = (0..<4).map { _ in folder.ticket() }
        folder.disk.takeTime(.seconds(2), on: folder.clock)
        let took = time(folder) {
            for ticket in tickets { XCTAssertTrue(folder.gate.submit([ticket])[0].isRefused) }
            XCTAssertNil(folder.gate.account())
            XCTAssertEqual(folder.gate.updates(), [])
        }
        XCTAssertLessThan(took, .seconds(10), "one call, whose last step cannot be cut short")
        XCTAssertEqual(folder.lines(folder.orders), [folder.format.orders.header])
        folder.disk.beforeOperation = nil
        folder.pass(.seconds(5))
        XCTAssertEqual(folder.gate.submit([folder.ticket()]), [.sent])
    }
}
