import JQTrade
import Market
import Notation
import Simulation
import TestSupport
import XCTest

@testable import Engine

final class OptionsTests: XCTestCase {
    private func machine() throws -> Machine { try Machine(shanghai("2026-11-20 09:00")) }

    /// What a start with these options of the strategy complains about.
    private func problems(
        _ prepare: (Machine) -> Void = { _ in }, _ set: @escaping () -> Void
    ) throws -> [String] {
        let machine = try machine()
        prepare(machine)
        guard case .failed(let problems) = machine.start({ _ in set() }) else { return [] }
        return problems
    }

    func testTheCommandLineWinsOverTheStrategyOverTheConfigOverTheHomeOverWhatIsBuiltIn() throws {
        func grace(_ layers: Int) throws -> TimeSpan? {
            let machine = try machine()
            if layers > 0 { machine.outside.homeConfig = [.init("misfire_grace", 10)] }
            if layers > 1 { machine.outside.config = [.init("misfire_grace", 20)] }
            if layers > 3 { machine.outside.commandLine = [.init("misfire_grace", 40)] }
            XCTAssertEqual(machine.start { _ in if layers > 2 { set_options(misfire_grace: 30) } }, .ready)
            return machine.run?.options.misfireGrace
        }
        XCTAssertEqual(try (0...4).map(grace), [60, 10, 20, 30, 40].map { .seconds($0) })
    }

    func testAGateWithoutAnAccountIsAnErrorWhereverItIsNamed() throws {
        let broker = GateRack.Kind(name: "broker", optionNames: []) {
            ScriptedGate(ScriptedBroker(cash: .zero), disk: SimulatedDisk())
        }
        for place in ["--set", "--config", "strategy"] {
            let found = try problems { machine in
                machine.gates = [broker]
                machine.mayTrade = true
                if place == "--set" { machine.outside.commandLine = [.init("trade_gate", "broker")] }
                if place == "--config" { machine.outside.config = [.init("trade_gate", "broker")] }
            } _: {
                set_options(use_account: false)
                if place == "strategy" { set_options(trade_gate: "broker") }
            }
            XCTAssertEqual(found.count, 1, place)
            XCTAssertTrue(found.first?.contains("take use_account: false out of set_options") == true, "\(found)")
        }
        let paper = try problems {
            $0.outside.commandLine = [.init("trade_gate", "paper")]
        } _: {
            set_options(use_account: false)
        }
        XCTAssertEqual(paper, [], "--paper is no gate to a broker")
    }

    /// What follows from an account that could not be opened is not said beside it.
    func testOneErrorIsOneError() throws {
        let machine = try machine()
        machine.mayTrade = true
        try machine.put(#"{"gate": "paper", "account": "", "folder": ""}"#, "/home/tasks/demo/binding.json")
        let gate = ScriptedGate(ScriptedBroker(cash: .zero), disk: machine.disk)
        let result = machine.start { context in
            set_options(trade_gate: gate)
            log.info("cash", context.portfolio.available_cash)
        }
        guard case .failed(let problems) = result else { return XCTFail("it started") }
        XCTAssertEqual(problems.count, 1, "\(problems)")
        XCTAssertEqual(machine.log.filter { $0.hasPrefix("ERROR") }, [], "who started it says what was wrong")
    }

    func testOptionsForPaperAreWithoutEffectAtABrokerAndThatIsSaid() throws {
        let machine = try machine()
        machine.mayTrade = true
        machine.gates = [
            GateRack.Kind(name: "broker", optionNames: []) {
                ScriptedGate(ScriptedBroker(cash: .zero), disk: machine.disk)
            }
        ]
        XCTAssertEqual(
            machine.start { _ in set_options(trade_gate: "broker", initial_cash: 5000, t_plus: 0) }, .ready)
        XCTAssertTrue(
            machine.log.contains { $0.hasPrefix("WARN initial_cash, t_plus: without effect here") }, "\(machine.log)")
    }

    func testALaterValueWinsWithinOneLayer() throws {
        let machine = try machine()
        machine.outside.commandLine = [.init("keep_slot_days", 1), .init("keep_slot_days", 2)]
        XCTAssertEqual(
            machine.start { _ in
                set_options(misfire_grace: 1, on_job_error: "stop")
                set_options(misfire_grace: 2.5)
            }, .ready)
        XCTAssertEqual(machine.run?.options.misfireGrace, .milliseconds(2500))
        XCTAssertEqual(machine.run?.options.stopsOnJobError, true)
        XCTAssertEqual(machine.run?.options.keptSlotDays, 2)
    }

    func testAnUnknownOptionIsRefusedWithTheNearestWhereverItStands() throws {
        XCTAssertEqual(
            try problems { set_options(use_acount: false) },
            ["set_options: there is no option use_acount. Did you mean use_account?"])
        XCTAssertEqual(
            try problems { set_options(xyzzy: 1) }, ["set_options: there is no option xyzzy."])
        let outside = try problems({
            $0.outside.commandLine = [.init("calender", "every_day")]
            $0.outside.config = [.init("timezon", "UTC")]
            $0.outside.configPath = "/work/c.json"
            $0.outside.homeConfig = [.init("misfire_grase", 5)]
            $0.outside.homeConfigPath = "/home/config.json"
        }) {}
        XCTAssertEqual(
            outside,
            [
                "--set: there is no option calender. Did you mean calendar?",
                "/work/c.json: there is no option timezon. Did you mean timezone?",
                "/home/config.json: there is no option misfire_grase. Did you mean misfire_grace?",
            ])
    }

    func testAllProblemsAreToldAtOnceWithTheirPlace() throws {
        let machine = try machine()
        let site = CallSite(path: "/work/s.swift", line: 7)
        let result = machine.start(sites: [OptionSite(labels: ["use_acount", "misfire_grace"], site: site)]) { _ in
            set_options(use_acount: false, misfire_grace: "long")
            run_daily({ _ in }, "25:00", name: "late", file: "/work/s.swift", line: 9)
        }
        XCTAssertEqual(
            result,
            .failed([
                "/work/s.swift:7: set_options: there is no option use_acount. Did you mean use_account?",
                "/work/s.swift:7: set_options: misfire_grace asks for seconds from 0 to 86400, not \"long\".",
                "/work/s.swift:9: job late: there is no time 25:00: hours go from 00 to 23",
            ]))
        XCTAssertEqual(machine.log.filter { $0.hasPrefix("ERROR") }, [], "whoever started it tells them")
    }

    func testWrongTypesAreRefused() throws {
        let wrong: [(option: String, value: JSON, asked: String)] = [
            ("use_account", 1, "true or false"), ("use_account", "no", "true or false"),
            ("trade_gate", "broker", "\"paper\""), ("trade_gate", nil, "\"paper\""),
            ("misfire_grace", -1, "seconds"), ("misfire_grace", 86_401, "seconds"), ("misfire_grace", "5", "seconds"),
            ("misfire_grace", true, "seconds"), ("on_job_error", "ignore", "\"continue\" or \"stop\""),
            ("calendar", "weekdays", "\"trading_days\" or \"every_day\""), ("timezone", "", "a text"),
            ("timezone", 8, "a text"), ("runtime_dir", "", "a text"), ("runtime_dir", false, "a text"),
            ("keep_slot_days", 0, "a whole number"), ("keep_slot_days", 1.5, "a whole number"),
            ("keep_slot_days", 36_501, "a whole number"), ("market_period", "09:30-11:30", "pairs of times"),
            ("market_period", [["09:30"]], "pairs of times"), ("market_period", [["09:30", 11]], "pairs of times"),
            ("market_period", [], "market_period is empty"),
            ("market_period", [["09:30", "24:30"]], "hours go from 00 to 23"),
            ("market_period", [["09:30", "09:30"]], "is empty"),
            ("market_period", [["09:30", "11:30"], ["11:00", "15:00"]], "overlap"),
            ("market_period", [["13:00", "15:00"], ["09:30", "11:30"]], "in order"),
            ("market_period", [["09:30", "11:30"], ["21:00", "02:30"]], "must be the first"),
        ]
        for (option, value, asked) in wrong {
            let found = try problems({ $0.outside.commandLine = [.init(option, value)] }) {}
            XCTAssertEqual(found.count, 1, "\(option) = \(value.compact)")
            let problem = found.first ?? ""
            XCTAssertTrue(problem.hasPrefix("--set: \(option) asks for "), problem)
            XCTAssertTrue(problem.contains(asked), problem)
        }
    }

    func testValuesOfSwiftAreTakenAsWhatTheyMean() throws {
        let machine = try machine()
        XCTAssertEqual(
            machine.start { _ in
                set_options(
                    use_account: false, misfire_grace: Float(1.5), keep_slot_days: Int8(3), on_job_error: "stop",
                    market_period: [("09:30:00", "11:30:00")], calendar: Substring("every_day").description)
                set_options(market_period: [["09:30", "10:00"], ["13:00", "14:00"]], keep_slot_days: 4.0)
            }, .ready)
        let options = try XCTUnwrap(machine.run?.options)
        XCTAssertFalse(options.usesAccount)
        XCTAssertTrue(options.tradesEveryDay)
        XCTAssertEqual(options.misfireGrace, .milliseconds(1500))
        XCTAssertEqual(options.keptSlotDays, 4)
        XCTAssertEqual(try options.periods(), try MarketPeriods([("09:30", "10:00"), ("13:00", "14:00")]))
    }

    func testValuesThatNoOptionCanTakeAreRefusedWithTheirType() throws {
        struct Odd {}
        for (value, type) in [
            (Odd(), "Odd"), (Double.nan, "Double"), (UInt64.max, "UInt64"), (Int?.none as Any, "Optional<Int>"),
            ([Odd()], "Array<Odd>"), (["a": Double.infinity], "Dictionary<String, Double>"),
        ] as [(Any, String)] {
            XCTAssertEqual(
                try problems { set_options(misfire_grace: value) },
                ["set_options: misfire_grace cannot take a value of the type \(type)."])
        }
    }

    func testTheSupervisorsOptionsAreRefusedInTheStrategyAndLeftAloneElsewhere() throws {
        func prepare(_ machine: Machine) {
            machine.outside.foreignNames = ["restart_delay"]
            machine.outside.commandLine = [.init("restart_delay", "whatever")]
        }
        XCTAssertEqual(try problems(prepare) {}, [])
        XCTAssertEqual(
            try problems(prepare) { set_options(restart_delay: 1) },
            [
                "set_options: restart_delay is an option of the supervisor, which has started already: "
                    + "name it in --config or --set."
            ])
    }

    func testAnUnknownTimeZoneFailsTheStart() throws {
        let found = try problems { set_options(timezone: "Asia/Shanhai") }
        XCTAssertEqual(found.count, 1)
        XCTAssertTrue(found.first?.hasPrefix("The time zone Asia/Shanhai is not known") ?? false, "\(found)")
        XCTAssertTrue(
            try problems { set_options(timezone: "../../etc/passwd") }.first?.contains("not the name") ?? false)
    }

    func testParametersAreReadWithTheirTypeAndComplainedAboutAtTheirPlace() throws {
        let machine = try machine()
        machine.parameters = [.init("n", "5"), .init("n", "7"), .init("x", "1.5"), .init("on", "1"), .init("s", "a=b")]
        var read: [String] = []
        XCTAssertEqual(
            machine.start { context in
                read = [
                    "\(context.param("n", 1))", "\(context.param("x", 0.0))", "\(context.param("on", false))",
                    context.param("s", ""), context.param("none", "standard"),
                ]
            }, .ready)
        XCTAssertEqual(read, ["7", "1.5", "true", "a=b", "standard"])
        let wrong = machine.start { context in _ = context.param("x", 3, file: "/s.swift", line: 4) }
        XCTAssertEqual(
            wrong, .failed(["/s.swift:4: --param x=1.5: not a whole number. Give it a value like x=3"]))
    }

    func testAParameterThatLooksLikeOneThatWasAskedForInVainIsToldAtREADY() throws {
        let machine = try machine()
        machine.parameters = [.init("fsat", "5"), .init("slow1", "7"), .init("later", "1")]
        machine.start { context in _ = (context.param("fast", 5), context.param("slow", 20), context.param("slow1", 9))
        }
        XCTAssertEqual(
            machine.log.filter { $0.contains("parameter") },
            [
                "WARN process_initialize did not ask for the parameter fsat, but for fast: if a job does not ask for it, "
                    + "give it as --param fast=…"
            ])
    }
}
