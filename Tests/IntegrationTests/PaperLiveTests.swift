import Foundation
import Notation
import XCTest

/// Paper and live never mix: only what names a gate on purpose trades with a broker, and each name keeps to one account.
final class PaperLiveTests: LiveTestCase {
    /// A strategy that leaves the gate to others.
    private static let unnamed = StrategyShelf.shared.path(
        "unnamed",
        """
        import JQTrade
        func process_initialize(_ context: Context) {
            let account = context.param("account", "")
            if account != "" { set_options(account_no: account, order_dir: context.param("dir", "")) }
            set_options(calendar: "every_day")
            run_daily(look, "open")
            log.info("mode", context.mode)
        }
        func look(_ context: Context) {}
        """)

    /// A strategy whose gate leaves a trace when it is set up.
    private static let traced = StrategyShelf.shared.path(
        "traced",
        """
        import Foundation
        import JQTrade
        final class TraceGate: TradeGate {
            let trace: String
            init(_ trace: String) { self.trace = trace }
            var optionNames: [String] { [] }
            var hasAccountSide: Bool { false }
            func setup(_ desk: GateDesk) throws { _ = FileManager.default.createFile(atPath: trace, contents: nil) }
            func submit(_ tickets: [OrderTicket]) -> [Submission] { tickets.map { _ in .refused("no") } }
            func cancel(_ ids: [OrderID]) -> [Submission] { ids.map { _ in .refused("no") } }
            func account() -> AccountSnapshot? { nil }
            func updates() -> [OrderUpdate] { [] }
            func find(_ tickets: [OrderTicket]) -> [Presence] { tickets.map { _ in .absent } }
        }
        func process_initialize(_ context: Context) {
            set_options(trade_gate: TraceGate(context.param("trace", "trace")), calendar: "every_day")
            run_daily(look, "open")
        }
        func look(_ context: Context) {}
        """)

    private var folderOption: String { "\"account_no\": \"\(Self.account)\", \"order_dir\": \"\(orders)\"" }

    private func stop(_ name: String = "demo") throws {
        let stopped = try place.run(["stop_task", "-n", name])
        XCTAssertEqual(stopped.code, 0, stopped.errors)
    }

    func testTheHomesConfigNeverMakesATaskLive() throws {
        try place.write("{\(folderOption)}", to: "home/config.json")
        let task = try place.startTask(Self.unnamed)
        XCTAssertTrue(task.output.contains("mode paper"), task.output)
        XCTAssertEqual(try place.task()?["mode"]?.string, "paper(random)")
        try stop()
        XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: orders), [])

        try place.write("{\"trade_gate\": \"onequant\", \(folderOption)}", to: "home/config.json")
        let refused = try place.run(["start_task", "-c", Self.unnamed, "-n", "demo"])
        XCTAssertEqual(refused.code, 5)
        XCTAssertTrue(
            (refused.output + refused.errors).contains(
                "trade_gate \"onequant\" cannot be chosen for all tasks of a home: name it in the strategy, in --config"
            ),
            refused.output)
    }

    func testAnAccountWithoutAGateSaysWhichLineToAdd() throws {
        let own = ["--param", "account=\(Self.account)", "--param", "dir=\(orders)"]
        for arguments in [own, ["--set", "account_no=1"], ["--set", "order_dir=\(orders)"]] {
            let refused = try place.run(["start_task", "-c", Self.unnamed, "-n", "demo"] + arguments)
            XCTAssertEqual(refused.code, 5, refused.output)
            XCTAssertTrue(
                (refused.output + refused.errors).contains("add trade_gate: \"onequant\" to set_options"),
                refused.output)
        }
        let paper = try place.startTask(Self.unnamed, own + ["--paper"])
        XCTAssertTrue(paper.output.contains("mode paper"), paper.output)
    }

    func testAConfigFileMayNameTheGate() throws {
        try startTerminal()
        let config = try place.write("{\"trade_gate\": \"onequant\", \(folderOption)}", to: "live.json")
        _ = try place.startTask(Self.unnamed, ["--config", config])
        XCTAssertEqual(try place.task()?["mode"]?.string, "LIVE ***234")
    }

    func testToLookNeverSetsUpAGate() throws {
        let trace = place.folder + "/trace"
        let parameters = ["--param", "trace=\(trace)", "--param", "dir=\(orders)"]
        try place.write("as it was", to: "orders/algoOrder_20990101.csv")
        for code in [Self.traced, Live.strategy] {
            let look = try place.run(["get_schedule", "-c", code] + parameters)
            XCTAssertEqual(look.code, 0, look.errors)
            XCTAssertEqual(try place.run(["build_strategy", "-c", code, "-o", "s.so"]).code, 0)
        }
        XCTAssertFalse(place.exists("trace"))
        XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: orders), ["algoOrder_20990101.csv"])
        XCTAssertEqual(place.read("orders/algoOrder_20990101.csv"), "as it was")
        _ = try place.startTask(Self.traced, parameters + ["--paper"])
        XCTAssertFalse(place.exists("trace"), "--paper wins")
        try stop()
        _ = try place.startTask(Self.traced, parameters + ["--fresh"])
        XCTAssertTrue(place.exists("trace"))
    }

    func testANameKeepsToPaperOrToItsAccount() throws {
        try startTerminal()
        for (first, second) in [(["--paper"], []), ([], ["--paper"])] {
            let name = first.isEmpty ? "live" : "paper"
            _ = try place.startTask(Live.strategy, name: name, live("look", first))
            try stop(name)
            let refused = try place.run(["start_task", "-c", Live.strategy, "-n", name] + live("look", second))
            XCTAssertEqual(refused.code, 5)
            XCTAssertTrue((refused.output + refused.errors).contains("this task is bound to the gate"), refused.output)
            XCTAssertTrue((refused.output + refused.errors).contains("--fresh to archive"), refused.output)
            _ = try place.startTask(Live.strategy, name: name, live("look", second + ["--fresh"]))
            XCTAssertEqual(try place.task(name)?["mode"]?.string, second.isEmpty ? "LIVE ***234" : "paper(random)")
            let archives = try FileManager.default.contentsOfDirectory(atPath: "\(place.home)/tasks/\(name)/archive")
            XCTAssertTrue(place.exists("home/tasks/\(name)/archive/\(try XCTUnwrap(archives.first))/binding.json"))
            try stop(name)
        }
    }

    /// A start that fails has traded with nobody: the name is free.
    func testAFailedFirstStartBindsNothing() throws {
        let nowhere = live("look").map { $0 == "dir=\(orders)" ? "dir=\(orders)/none" : $0 }
        let failed = try place.run(["start_task", "-c", Live.strategy, "-n", "demo"] + nowhere)
        XCTAssertEqual(failed.code, 5)
        XCTAssertTrue((failed.output + failed.errors).contains("it does not exist"), failed.output)
        _ = try place.startTask(Live.strategy, live("look", ["--paper"]))
    }

    /// Nobody would hear of an order in a folder that the task has left.
    func testAnOrderFolderIsNotLeftWithOrdersInIt() throws {
        let id = try leaveAnOrder()
        let other = place.folder + "/other"
        try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
        let there = live("look").map { $0 == "dir=\(orders)" ? "dir=\(other)" : $0 }
        let refused = try place.run(["start_task", "-c", Live.strategy, "-n", "demo"] + there)
        XCTAssertEqual(refused.code, 5)
        XCTAssertTrue(
            (refused.output + refused.errors).contains(
                "order_dir is \(other) now, and 1 order of this task may still be open in \(orders): \(id). Start it there"
            ),
            refused.output)
        XCTAssertEqual(try taskOrders().map { $0["status"]?.string }, ["new"])
        // The same folder under another name has the order.
        try FileManager.default.removeItem(atPath: other)
        try FileManager.default.moveItem(atPath: orders, toPath: other)
        _ = try place.startTask(Live.strategy, there)
        XCTAssertEqual(try taskOrders().map { $0["status"]?.string }, ["new"])
        try stop()
    }

    /// Nor is what is known of an order forgotten by remembering things elsewhere; to begin anew archives all of it.
    func testARuntimeFolderIsNotLeftWithOrdersInIt() throws {
        let first = ["--set", "runtime_dir=\(place.folder)/first"]
        let second = ["--set", "runtime_dir=\(place.folder)/second"]
        let id = try leaveAnOrder(first)
        for elsewhere in [second, []] {
            let refused = try place.run(["start_task", "-c", Live.strategy, "-n", "demo"] + live("look", elsewhere))
            XCTAssertEqual(refused.code, 5)
            XCTAssertTrue(
                (refused.output + refused.errors).contains(
                    "1 order that may still be open is known in \(place.folder)/first/demo alone: \(id)."),
                refused.output)
        }
        let onPaper = try place.run(
            ["start_task", "-c", Live.strategy, "-n", "demo", "--paper"] + live("look", second))
        XCTAssertEqual(onPaper.code, 5)
        XCTAssertTrue((onPaper.output + onPaper.errors).contains("this task is bound to the gate"), onPaper.output)
        // Nor by a folder that is not there at the moment.
        let (memory, elsewhere) = ("\(place.folder)/first/demo", "\(place.folder)/first/away")
        try FileManager.default.moveItem(atPath: memory, toPath: elsewhere)
        for folder in [first, second] {
            let refused = try place.run(["start_task", "-c", Live.strategy, "-n", "demo"] + live("look", folder))
            XCTAssertEqual(refused.code, 5)
            XCTAssertTrue(
                (refused.output + refused.errors).contains("nothing of it is there: mount it"), refused.output)
        }
        try? FileManager.default.removeItem(atPath: memory)
        try FileManager.default.moveItem(atPath: elsewhere, toPath: memory)
        // Nor by a start without an account.
        let without = try place.run(["start_task", "-c", Strategies.idle, "-n", "demo"] + second)
        XCTAssertEqual(without.code, 5)
        XCTAssertTrue((without.output + without.errors).contains("this task is bound to the gate"), without.output)
        _ = try place.startTask(Live.strategy, live("look", first))
        XCTAssertEqual(try taskOrders().map { $0["order_id"]?.string }, [id])
        try stop()
        try place.write("", to: "first/demo/notes.txt")
        let begun = try place.startTask(Live.strategy, live("look", second + ["--fresh"]))
        XCTAssertTrue(
            begun.errors.contains("1 order of what is archived may still be open at the broker: \(id)."), begun.errors)
        XCTAssertEqual(
            try FileManager.default.contentsOfDirectory(atPath: "\(place.folder)/first/demo").sorted(),
            ["archive", "notes.txt"], "what is not the task's stays")
        XCTAssertEqual(try taskOrders().count, 0)
        try stop()
    }

    func testToBeginAnewSaysWhatIsLeftOpen() throws {
        let id = try leaveAnOrder()
        let begun = try place.startTask(Live.strategy, live("look", ["--fresh"]))
        XCTAssertTrue(
            begun.errors.contains("1 order of what is archived may still be open at the broker: \(id)."), begun.errors)
        XCTAssertTrue(begun.errors.contains("/tasks/demo/archive/"), begun.errors)
        try stop()
        let again = try place.startTask(Live.strategy, live("look", ["--fresh"]))
        XCTAssertFalse(again.errors.contains("of what is archived"), again.errors)
    }

    /// An order that the terminal does not answer, of a task that has stopped.
    private func leaveAnOrder(_ more: [String] = []) throws -> String {
        let terminal = try startTerminal()
        _ = try place.startTask(Live.strategy, live("leave", ["--param", "until=\(place.folder)/go"] + more))
        terminal.send(SIGSTOP)
        addTeardownBlock { terminal.send(SIGCONT) }
        try place.write("", to: "go")
        _ = try place.waitForTask { $0["open_orders"]?.int == 1 }
        try stop()
        return try XCTUnwrap(taskOrders()[0]["order_id"]?.string)
    }

    func testASecondTaskOfTheSameAccountIsToldOfTheFirst() throws {
        try startTerminal()
        let first = try place.startTask(Live.strategy, name: "first", live("look"))
        XCTAssertFalse(first.said("same account and folder"), first.output)
        let second = try place.startTask(Live.strategy, name: "second", live("look"))
        XCTAssertTrue(second.said("the task first trades with the same account and folder"), second.output)
        try stop("second")
        // The same folder by another path.
        let link = place.folder + "/link"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: orders)
        for path in [link, orders + "/", orders + "/../orders"] {
            let options = live("look").map { $0 == "dir=\(orders)" ? "dir=\(path)" : $0 }
            let other = try place.startTask(Live.strategy, name: "second", options)
            XCTAssertTrue(other.said("the task first trades with the same account and folder"), other.output)
            try stop("second")
        }
        try stop("first")
        let alone = try place.startTask(Live.strategy, name: "second", live("look"))
        XCTAssertFalse(alone.said("same account and folder"), alone.output)
    }
}
