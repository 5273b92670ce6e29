import CSupport
import Foundation
import Notation
import Processes
import XCTest

final class HomeTests: WorkplaceTestCase {
    func testEverythingWorksInAHomeWithSpacesAndChinese() throws {
        let place = try Workplace("我的 策略 home")
        defer { place.close() }
        let strategy = try place.write(
            """
            import JQTrade
            func process_initialize(_ context: Context) {
                set_options(use_account: false, calendar: "every_day")
                context.state["次数"] = 3
                run_daily(开盘, "open")
            }
            func 开盘(_ context: Context) {}
            func process_exit(_ context: Context) { log.info("再见") }
            """, to: "策略 one.swift")
        // A build folder of its own, whose path has them too.
        try FileManager.default.removeItem(atPath: place.home + "/build")
        try place.detachTask(strategy, name: "演示")
        XCTAssertEqual(try place.task("演示")?["next_slot"]?["job"]?.string, "开盘")
        let table = try place.run(["get_tasks"]).output
        XCTAssertTrue(table.contains("演示"), table)
        XCTAssertEqual(try place.run(["stop_task", "-n", "演示"]).code, 0)
        XCTAssertTrue(place.log("演示").contains("再见"), place.log("演示"))
        XCTAssertTrue(place.read("home/tasks/演示/state.json").contains("次数"))

        XCTAssertEqual(try place.run(["build_strategy", "-c", strategy, "-o", "库.so"]).code, 0)
        _ = try place.startTask("库.so", name: "演示")
    }

    func testAHomeThatCannotBeWrittenIsASentence() throws {
        for home in ["/dev/null/home", "/proc/home"] {
            place.environment["JQTRADE_HOME"] = home
            for arguments in [
                ["get_tasks"], ["stop_task", "--all"], ["start_task", "-n", "demo", "-c", Strategies.idle],
                ["start_task", "-n", "demo", "-c", Strategies.idle, "--detach"],
            ] {
                let refused = try place.run(arguments)
                XCTAssertEqual(refused.code, 1, "\(arguments)")
                XCTAssertEqual(refused.output, "")
                XCTAssertTrue(refused.errors.contains("The home folder \(home)"), refused.errors)
                XCTAssertTrue(refused.errors.contains("Set JQTRADE_HOME to a folder of your own"), refused.errors)
            }
        }
    }

    func testAHomeThatMayNotBeWrittenIsASentence() throws {
        try XCTSkipIf(geteuid() == 0, "the system lets this user write anywhere")
        try place.run(["get_tasks"])
        _ = chmod(place.home + "/tasks", 0o500)
        defer { _ = chmod(place.home + "/tasks", 0o700) }
        let refused = try place.run(["start_task", "-n", "demo", "-c", Strategies.idle])
        XCTAssertEqual(refused.code, 1)
        XCTAssertTrue(refused.errors.contains("cannot be written"), refused.errors)
    }

    func testSomebodyElsesHomeIsRefused() throws {
        try place.run(["get_tasks"])
        try XCTSkipIf(chown(place.home, 12345, gid_t.max) != 0, "this user cannot give a folder away")
        let refused = try place.run(["start_task", "-n", "demo", "-c", Strategies.idle])
        XCTAssertEqual(refused.code, 1)
        XCTAssertTrue(refused.errors.contains("belongs to another user (uid 12345)"), refused.errors)
    }

    func testWhatATaskWritesIsForItsUserOnly() throws {
        try place.detachTask(Strategies.idle)
        for (path, mode) in [
            ("", 0o700), ("/tasks", 0o700), ("/tasks/demo", 0o700), ("/logs", 0o700), ("/logs/demo.log", 0o600),
            ("/tasks/demo/task.json", 0o600), ("/tasks/demo/status.json", 0o600), ("/tasks/demo/lock", 0o600),
        ] {
            var about = stat()
            XCTAssertEqual(stat(place.home + path, &about), 0, path)
            XCTAssertEqual(Int(about.st_mode) & 0o777, mode, path)
        }
    }

    func testStaleFilesOfADeadTaskDoNotBlockAStart() throws {
        let first = try place.startTask(Strategies.idle)
        let worker = try place.pids().worker
        _ = kill(first.pid, SIGSTOP)
        _ = kill(worker, SIGKILL)
        first.send(SIGKILL)
        try first.waitForExit()
        // As if a stranger had got the dead supervisor's number.
        try place.write("\(ProcessIdentity.current)\n", to: "home/tasks/demo/lock")
        for file in ["task.json", "schedule.json", "status.json", "status.json.17-0.new"] {
            try place.write("{ \"half", to: "home/tasks/demo/\(file)")
        }
        let second = try place.startTask(Strategies.idle)
        XCTAssertEqual(try place.task()?["state"]?.string, "running")
        XCTAssertFalse(place.exists("home/tasks/demo/status.json.17-0.new"), "cleared away")
        second.send(SIGTERM)
        XCTAssertEqual(try second.waitForExit().code, 0)
    }

    func testWhatAKillLeftIsClearedAwayInTheFolderOfRuntimeDirToo() throws {
        for start in 1...2 {
            let program = try place.startTask(Strategies.idle, ["--set", "runtime_dir=\(place.folder)/run"])
            XCTAssertFalse(place.exists("run/demo/state.json.17-0.new"), "start \(start)")
            program.send(SIGTERM)
            try program.waitForExit()
            try place.write("{", to: "run/demo/state.json.17-0.new")
        }
    }

    func testAStatusThatIsGarbageIsNoTask() throws {
        for garbage in ["", "garbage", "[]", "{}", "{\"name\": 1}", #"{"name":"demo","code":"x","state":"odd"}"#] {
            try place.write(garbage, to: "home/tasks/demo/status.json")
            let list = try place.run(["get_tasks", "--json"])
            XCTAssertEqual(list.code, 0)
            XCTAssertEqual(list.output, "[]\n", garbage)
            XCTAssertEqual(try place.run(["stop_task", "-n", "demo"]).code, 1)
        }
        // Numbers beyond all bounds are read without harm.
        let far = "9223372036854775807"
        try place.write(
            #"{"name":"demo","code":"x","state":"busy","started_at":\#(far),"worker":"1:1","supervisor":"\#(far):0","#
                + #""busy":{"activity":"a","since":-\#(far)},"next_slot":{"job":"j","at":\#(far),"grace":\#(far)}}"#,
            to: "home/tasks/demo/status.json")
        XCTAssertEqual(try place.run(["get_tasks"]).code, 0)
        XCTAssertEqual(try place.tasks().count, 1)
        _ = try place.startTask(Strategies.idle)
    }

    func testARunningTaskWhoseStatusIsLostCanStillBeStopped() throws {
        let program = try place.startTask(Strategies.idle)
        try FileManager.default.removeItem(atPath: place.home + "/tasks/demo/status.json")
        let stopped = try place.run(["stop_task", "-n", "demo"])
        XCTAssertEqual(stopped.code, 0, stopped.errors)
        XCTAssertEqual(try program.waitForExit(within: 5).code, 0)
    }

    func testTheHomesConfigMustBeReadable() throws {
        try place.write("{ \"misfire_grace\": ", to: "home/config.json")
        let refused = try place.run(["start_task", "-n", "demo", "-c", Strategies.idle])
        XCTAssertEqual(refused.code, 1)
        XCTAssertTrue(refused.errors.contains("home/config.json: "), refused.errors)
    }
}
