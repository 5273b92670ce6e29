import JQTrade
import Market
import TestSupport
import XCTest

@testable import Engine

/// Bars and ticks on their way to the strategy: when, in which order, and what it can see then.
final class MarketTests: XCTestCase {
    private let code = "000001.XSHE"
    private let other = "600000.XSHG"

    private func at(_ time: String) -> Instant { shanghai("2026-11-20 \(time)") }

    private func minutes(_ first: String, _ prices: [Double]) -> [MarketBar] {
        prices.enumerated().map { bar(at(first) + .seconds(Int64($0.offset) * 60), $0.element) }
    }

    private func machine(_ feed: ScriptedFeed, at start: String = "09:20") throws -> Machine {
        let machine = try Machine(at(start))
        machine.feed = feed
        return machine
    }

    func testABarComesBeforeTheSlotsOfItsInstantAndInOrderOfSubscription() throws {
        let feed = ScriptedFeed(
            .minute, bars: [code: minutes("09:31", [10, 11]), other: minutes("09:31", [20, 21])])
        let machine = try machine(feed)
        var seen: [String] = []
        machine.start { _ in
            run_daily({ _ in seen.append("slot") }, "9:31", name: "slot")
            run_daily({ _ in seen.append("minute") }, "every_minute", name: "minute")
            subscribe(self.other, "1m") { bar in
                seen.append("\(bar.code) \(bar.close) sees \(get_current_price(self.code) ?? 0)")
            }
            subscribe(self.code, "1m") { bar in seen.append("\(bar.code) \(bar.close)") }
        }
        machine.pass(until: at("09:31"))
        XCTAssertEqual(
            seen, ["minute", "600000.XSHG 20.0 sees 10.0", "000001.XSHE 10.0", "minute", "slot"],
            "all data of an instant is there before anybody is told of it")
        machine.pass(until: at("10:00"))
        XCTAssertEqual(seen.filter { $0.contains("sees 11.0") }.count, 1)
        XCTAssertEqual(machine.counts.jobErrors, 0)
    }

    func testHistoryNeverHoldsAnythingOfTheFuture() throws {
        let bars = minutes("09:31", (0..<100).map { 10 + Double($0) / 100 })
        let machine = try machine(ScriptedFeed(.minute, bars: [code: bars, other: bars]), at: "08:00")
        var looks = 0
        func look(_ context: Context) {
            let now = MarketZone.shanghai.instant(context.current_dt.day, context.current_dt.time)
            for code in [self.code, self.other] {
                for unit in ["1m", "5m", "15m", "30m", "60m", "1d"] {
                    for includesNow in [false, true] {
                        for bar in get_bars(code, 1000, unit, include_now: includesNow) {
                            let end = MarketZone.shanghai.instant(bar.date, bar.datetime.time)
                            XCTAssertTrue(bar.is_closed ? end <= now : includesNow, "\(bar) at \(context.current_dt)")
                            let known = bars.last { $0.end <= now }
                            XCTAssertLessThanOrEqual(bar.high, known?.high.yuan ?? 0, "\(bar) at \(context.current_dt)")
                        }
                    }
                }
                let known = bars.last { $0.end <= now }?.close.yuan
                XCTAssertEqual(get_current_price(code), known)
                XCTAssertEqual(get_current_data(code).last_price, known)
                XCTAssertEqual(get_current_data(code).day_open, known == nil ? nil : 10)
            }
            looks += 1
        }
        machine.start { context in
            look(context)
            subscribe(self.code, "5m") { _ in look(context) }
            subscribe(self.code, "1m", partial: true) { _ in look(context) }
            run_daily({ look($0) }, "open-30m", name: "early")
            run_daily({ look($0) }, "every_minute", name: "minute")
            run_daily({ look($0) }, "9:40:30", name: "within")
        }
        machine.pass(until: at("11:30"))
        XCTAssertGreaterThan(looks, 200)
        XCTAssertEqual(machine.counts.jobErrors, 0)
    }

    func testLongerBarsAreMadeOfTheFeedsAndGrowInSight() throws {
        let machine = try machine(ScriptedFeed(.minute, bars: [code: minutes("09:31", [10, 12, 9, 11, 10.5, 13])]))
        var seen: [String] = []
        machine.start { _ in
            subscribe(self.code, "5m", partial: true) { bar in
                seen.append("\(bar.datetime.time) \(bar.low)-\(bar.high) \(bar.is_closed ? "closed" : "open")")
            }
        }
        machine.pass(until: at("09:36"))
        XCTAssertEqual(
            seen,
            [
                "09:35:00 10.0-10.0 open", "09:35:00 10.0-12.0 open", "09:35:00 9.0-12.0 open",
                "09:35:00 9.0-12.0 open", "09:35:00 9.0-12.0 closed", "09:40:00 13.0-13.0 open",
            ])
    }

    func testTimeAloneEndsABarOfTicks() throws {
        let ticks = [tick(at("09:30:01"), 10, volume: 100), tick(at("09:30:40"), 10.2, volume: 300)]
        let machine = try machine(ScriptedFeed(ticks: [code: ticks]))
        var bars: [String] = []
        var told: [Double] = []
        machine.start { context in
            subscribe(self.code, "1m") { bar in
                bars.append("\(context.current_dt.time) \(bar.datetime.time) \(bar.close)")
            }
            subscribe(self.code, "tick") { bar in told.append(bar.tick?.current ?? 0) }
        }
        machine.pass(until: at("09:35"))
        XCTAssertEqual(told, [10, 10.2])
        XCTAssertEqual(bars, ["09:31:00 09:31:00 10.2"], "a minute without a tick ends the bar on time, once")
    }

    func testBarsFromBeforeTheStartAreFetchedOnceAndJoinOn() throws {
        let past = (0..<300).map { bar(shanghai("2026-11-19 09:31") + .seconds(Int64($0) * 10), 9 + Double($0) / 1000) }
        let feed = ScriptedFeed(.minute, bars: [code: past + minutes("09:31", [10, 11, 12])])
        let machine = try machine(feed)
        var lengths: [Int] = []
        var last: [Double] = []
        machine.start { _ in
            subscribe(self.code, "1m") { _ in
                lengths.append(get_bars(self.code, 1000, "1m").count)
                last = get_bars(self.code, 4, "1m").map(\.close)
            }
        }
        machine.pass(until: at("09:40"))
        XCTAssertEqual(lengths, [301, 302, 303])
        XCTAssertEqual(last, [9.299, 10, 11, 12])
        XCTAssertEqual(feed.asked.filter { $0.count > 1 }.count, 1, "what the feed does not know is not asked again")
    }

    func testMistakesAreReportedAtTheirPlace() throws {
        let machine = try machine(ScriptedFeed(.minutes5, bars: [code: []]))
        let result = machine.start { _ in
            subscribe(self.code, "2m", file: "/s.swift", line: 3) { _ in }
            subscribe(self.code, "1m", file: "/s.swift", line: 4) { _ in }
            subscribe(self.code, "tick", file: "/s.swift", line: 5) { _ in }
            subscribe("999999.XSHE", "5m", file: "/s.swift", line: 6) { _ in }
            _ = get_bars(self.code, 0, "5m", file: "/s.swift", line: 7)
            _ = get_bars(self.code, 1, "week", file: "/s.swift", line: 8)
            set_slippage(FixedSlippage(-1), file: "/s.swift", line: 9)
            set_order_cost(open_tax: 2, file: "/s.swift", line: 10)
        }
        guard case .failed(let problems) = result else { return XCTFail("\(result)") }
        XCTAssertEqual(problems.map { $0.split(separator: " ")[0] }, [3, 7, 8, 9, 10].map { "/s.swift:\($0):" })
        let second = try self.machine(ScriptedFeed(.minutes5, bars: [code: []]))
        let later = second.start { _ in
            subscribe(self.code, "1m", file: "/s.swift", line: 4) { _ in }
            subscribe(self.code, "tick", file: "/s.swift", line: 5) { _ in }
            subscribe("999999.XSHE", "5m", file: "/s.swift", line: 6) { _ in }
        }
        XCTAssertEqual(
            later,
            .failed([
                "/s.swift:4: subscribe(\"000001.XSHE\", \"1m\"): the scripted feed gives bars of 5m, and none of 1m can"
                    + " be made of them.",
                "/s.swift:5: subscribe(\"000001.XSHE\", \"tick\"): the scripted feed gives bars of 5m and no ticks.",
                "/s.swift:6: there is no market data of 999999.XSHE: the scripted feed has no 999999.XSHE",
            ]))
    }

    func testACodeWithoutDataIsAnErrorOnce() throws {
        let machine = try machine(ScriptedFeed(.minute, bars: [code: minutes("09:31", [10, 11])]))
        machine.start { _ in
            run_daily(
                { _ in
                    XCTAssertNil(get_current_price("999999.XSHE"))
                    XCTAssertTrue(get_bars("999999.XSHE", 1, "1m").isEmpty)
                }, "every_minute", name: "job")
        }
        machine.pass(until: at("09:40"))
        XCTAssertEqual(machine.counts.jobErrors, 1)
    }

    func testAnErrorInACallbackCountsAndTheTaskGoesOn() throws {
        struct Odd: Error {}
        let feed = ScriptedFeed(.minute, bars: [code: minutes("09:31", [10, 11])])
        let machine = try machine(feed)
        var calls = 0
        machine.start { _ in
            subscribe(self.code, "1m", file: "/s.swift", line: 3) { _ in
                calls += 1
                throw Odd()
            }
        }
        machine.pass(until: at("09:40"))
        XCTAssertEqual(calls, 2)
        XCTAssertEqual(machine.counts.jobErrors, 2)
        XCTAssertTrue(
            machine.log.contains(
                "ERROR s.swift:3: the callback of 000001.XSHE 1m failed at 2026-11-20 09:31:00: Odd()"),
            "\(machine.log)")
        machine.stop()
        XCTAssertTrue(feed.isClosed)

        let strict = try self.machine(ScriptedFeed(.minute, bars: [code: minutes("09:31", [10, 11])]))
        strict.start { _ in
            set_options(on_job_error: "stop")
            subscribe(self.code, "1m") { _ in throw Odd() }
        }
        strict.pass(until: at("09:40"))
        XCTAssertEqual(
            strict.run?.ending, .failed("the callback of 000001.XSHE 1m failed, and on_job_error is \"stop\""))
    }

    func testAFeedsProblemsAreLoggedAndItsEndIsTold() throws {
        let feed = ScriptedFeed(.minute, bars: [code: minutes("09:31", [10])])
        feed.problems = ["row 7 cannot be read"]
        let machine = try machine(feed)
        machine.start { _ in subscribe(self.code, "1m") { _ in } }
        var ended: Instant?
        machine.run?.observer.feedEnded = { ended = machine.clock.now }
        machine.pass(until: at("09:40"))
        XCTAssertTrue(machine.log.contains("WARN market data: row 7 cannot be read"), "\(machine.log)")
        XCTAssertEqual(ended, at("09:31"))
    }

    func testTicksThatWereNotBelievedAreCountedOnceADayAndAtTheEnd() throws {
        func next(_ time: String) -> Instant { shanghai("2026-11-23 \(time)") }
        let feed = ScriptedFeed(ticks: [
            code: [
                tick(at("09:30:01"), 10), tick(at("09:30:02"), 0), tick(at("09:30:03"), -1), tick(at("12:30"), 10),
                tick(next("09:30:01"), 10), tick(next("12:30"), 10),
            ], other: [tick(at("09:30:01"), 20)],
        ])
        let machine = try machine(feed)
        machine.start { _ in for code in [self.code, self.other] { subscribe(code, "tick") { _ in } } }
        func told() -> [String] { machine.log.filter { $0.contains("left out") } }
        machine.pass(until: at("15:30"))
        XCTAssertEqual(told(), [])
        let friday = "WARN market data: ticks of 000001.XSHE were left out: 2 without a price, 1 outside the sessions"
        machine.pass(until: next("15:30"))
        XCTAssertEqual(told(), [friday])
        machine.stop()
        XCTAssertEqual(
            told(), [friday, "INFO market data: ticks of 000001.XSHE were left out: 1 outside the sessions"])
    }

    func testABarThatEndsWhenItsSeriesBeginsIsThereOnce() {
        let known = minutes("09:31", [10, 11, 12, 13])
        var series = BarSeries(since: at("09:33"))
        for bar in known[2...] { series.append(bar) }
        let bars = series.last(10) { count, upTo in Array(known.filter { $0.end <= upTo }.suffix(count)) }
        XCTAssertEqual(Array(bars), known)
    }

    func testSubscribeBelongsToInitialize() throws {
        let machine = try machine(ScriptedFeed(.minute, bars: [code: []]))
        machine.start { _ in
            run_daily({ _ in subscribe(self.code, "1m") { _ in } }, "9:31", name: "late")
        }
        machine.pass(until: at("09:32"))
        XCTAssertEqual(machine.counts.jobErrors, 1)
    }
}
