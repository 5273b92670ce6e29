import Market
import Notation
import TestSupport
import XCTest

@testable import Tasks

/// What supervisor, worker and `start_task` tell each other survives the way, and garbage is nothing.
final class MessagesTests: XCTestCase {
    private let at = shanghai("2026-11-20 09:30")
    private var news: [WorkerNews] {
        [
            .ready, .begin(activity: "任务 \"a\"\n", at: at), .end, .next(nil),
            .next(NextSlot(job: "job", at: at, grace: .milliseconds(1500))), .counts(jobErrors: 3, missed: 4),
            .zone("Asia/Tokyo"), .mode("LIVE"), .problem("line 1\nline 2"), .pong(7), .stopping,
            .begin(activity: "", at: Instant(nanoseconds: .min)), .pong(.max),
        ]
    }
    private let requests: [WorkerRequest] = [.stop, .ping(1), .ping(.min)]

    func testEveryMessageComesBack() throws {
        for news in news {
            let line = news.json.compact
            XCTAssertFalse(line.contains("\n"), line)
            XCTAssertEqual(WorkerNews(try JSON(parsing: line)), news)
            XCTAssertNil(WorkerRequest(news.json))
        }
        for request in requests {
            XCTAssertEqual(WorkerRequest(try JSON(parsing: request.json.compact)), request)
            XCTAssertNil(WorkerNews(request.json))
        }
    }

    func testGarbageIsNoMessage() {
        for json: JSON in [
            .null, 1, "ready", [], ["say"], .object([]), ["say": 1], ["say": "hello"], ["say": nil],
            ["say": "begin"], ["say": "begin", "activity": "a"], ["say": "begin", "activity": 1, "at": 1],
            ["say": "begin", "activity": "a", "at": "now"], ["say": "begin", "activity": "a", "at": 1.5],
            ["say": "counts", "errors": 1], ["say": "counts", "errors": 1e300, "missed": 0], ["say": "mode"],
            ["say": "problem", "text": 5], ["say": "pong"], ["say": "pong", "number": "1"],
        ] { XCTAssertNil(WorkerNews(json), json.compact) }
        for json: JSON in [["say": "ping"], ["say": "ping", "number": 1.5], ["say": "STOP"], "stop"] {
            XCTAssertNil(WorkerRequest(json), json.compact)
        }
    }

    func testMutilatedMessagesNeverTrap() {
        for news in news {
            for wrong: JSON in [.null, true, -1, 1e300, "x", [], .object([])] {
                let members = news.json.members ?? []
                for index in members.indices {
                    var changed = members
                    changed[index].value = wrong
                    _ = WorkerNews(.object(changed))
                    changed.remove(at: index)
                    _ = WorkerNews(.object(changed))
                }
            }
        }
    }

    func testALaunchComesBackWithAllThatWasAsked() throws {
        var launch = TaskLaunch(name: "均线", home: "/h", code: "/c.swift", library: "/l.so")
        XCTAssertEqual(TaskLaunch(try JSON(parsing: launch.json.compact)), launch)
        launch.out = "/log"
        launch.logsJSON = true
        launch.environment = [.init("TOKEN", "s=e\ncret"), .init("A", "")]
        launch.parameters = [.init("n", "1"), .init("n", "2")]
        launch.settings = [.init("misfire_grace", 5)]
        launch.settings.append(.init("misfire_grace", 6))
        launch.config = [.init("market_period", [["09:30", "11:30"]])]
        launch.configPath = "/c.json"
        launch.homeConfig = [.init("x", nil)]
        XCTAssertEqual(launch.parameters, [.init("n", "2")], "the later one counts")
        XCTAssertEqual(launch.settings, [.init("misfire_grace", 6)])
        launch.debug = true
        launch.restartsOnCrash = false
        launch.isRestart = true
        XCTAssertEqual(TaskLaunch(try JSON(parsing: launch.json.compact)), launch)
        for member in ["name", "home", "code", "library"] {
            let rest = (launch.json.members ?? []).filter { $0.name != member }
            XCTAssertNil(TaskLaunch(.object(rest)), member)
        }
    }

    func testSecretsAreMaskedAndNothingElse() {
        XCTAssertEqual(
            masked([.init("API_TOKEN", "abc"), .init("PATH", "/bin"), .init("my_password", 5)]),
            [.init("API_TOKEN", "***"), .init("PATH", "/bin"), .init("my_password", "***")])
    }
}
