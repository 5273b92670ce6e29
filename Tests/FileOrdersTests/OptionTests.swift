import FileOrders
import Gates
import Notation
import XCTest

/// Wrong options are sentences, and a folder is touched by none of them.
final class OptionTests: XCTestCase {
    private func problem(_ options: [String: JSON]) -> String? {
        do {
            _ = try Folder(options: options)
            return nil
        } catch {
            return "\(error)"
        }
    }

    func testEachWrongOptionIsNamed() {
        let wrong: [(String, JSON)] = [
            ("account_no", ""), ("account_no", .null), ("account_no", "1,2"), ("account_no", "1\n2"),
            ("account_no", "账户"), ("order_dir", ""), ("order_dir", "relative"), ("order_dir", "/nowhere"),
            ("order_dir", "/o\u{0}"), ("file_encoding", "big5"), ("file_encoding", 5), ("account_type", "FUTURES"),
            ("counter_type", "XX"), ("algo_type", "D,A"), ("market_order", "yes"), ("wait_lock_internal", 0),
            ("wait_lock_internal", "fast"), ("wait_lock_time_out", -1), ("sync_retry_kwargs", 3),
            ("sync_retry_kwargs", .object([.init("tries", 3)])),
            ("sync_retry_kwargs", .object([.init("max_attempts", 0)])), ("ignore_error_line", 1),
        ]
        for (name, value) in wrong {
            let problem = problem([name: value])
            let isNamed = problem?.contains(name) == true || problem?.contains("max_attempts") == true
            XCTAssertTrue(isNamed, "\(name) \(value.compact): \(problem ?? "accepted")")
        }
    }

    func testGoodOptions() {
        XCTAssertNil(
            problem([
                "account_no": 1_234_567, "order_dir": "/o/", "file_encoding": "GBK", "account_type": "STOCK",
                "counter_type": "AT0", "algo_type": "DMA", "market_order": "refuse", "wait_lock_internal": 1,
                "wait_lock_time_out": 0, "ignore_error_line": false,
                "sync_retry_kwargs": .object([.init("max_attempts", 5), .init("attempt_internal", 0.2)]),
            ]))
    }

    func testRequiredOptionsAndTheFolder() throws {
        let folder = try Folder()
        let gate = folder.gate
        for name in ["account_no", "order_dir"] {
            XCTAssertThrowsError(try gate.setup(folder.desk([name: .null]))) {
                XCTAssertTrue("\($0)".contains(name), "\($0)")
            }
        }
        try folder.append("/o/file", "")
        XCTAssertThrowsError(try gate.setup(folder.desk(["order_dir": "/o/file"])))
    }

    func testSetupWritesNothingIntoTheFolder() throws {
        let folder = try Folder()
        XCTAssertEqual(try folder.disk.list("/o"), [])
        _ = folder.gate.updates()
        _ = folder.gate.account()
        _ = folder.gate.lastSign
        _ = folder.gate.nextID()
        XCTAssertEqual(try folder.disk.list("/o"), [])
    }

    func testAFolderThatIsGoneIsAnErrorAtTheFirstStartOnly() throws {
        let folder = try Folder()
        try folder.disk.remove("/o")
        XCTAssertNoThrow(try folder.restart())
        XCTAssertTrue(folder.hasLogged("mount it", .error))
        XCTAssertTrue(folder.gate.submit([folder.ticket("1234567890")])[0].isRefused)
        XCTAssertThrowsError(try folder.gate.setup(folder.desk(["order_dir": "/other"])))
    }

    func testTheAccountsNumberIsNotInTheLog() throws {
        let folder = try Folder()
        XCTAssertEqual(folder.logged("1234567"), 0)
        XCTAssertEqual(folder.logged("…567"), 1)
    }
}
