import CSupport
import JQTrade
import Market
import Notation
import StrategyLoading

final class R: StrategyRuntime {
    var now = Instant(nanoseconds: 1_795_138_200_000_000_000)
    var slotTime: Instant? = nil
    var zone = MarketZone.shanghai
    var taskName = "demo"
    var mode = "paper"
    var isRestart = false
    var values: [String: JSON] = [:]
    var jobs: [JobRegistration] = []
    func setOptions(_ p: [(name: String, value: Any)], from s: CallSite?) { Swift.print("options", p, s as Any) }
    func register(_ j: JobRegistration, from s: CallSite) {
        jobs.append(j)
        Swift.print("job", j.name ?? functionName(of: j.function) ?? "\(s)", j.time, j.days, j.misfireGrace as Any, s)
    }
    func write(_ l: StrategyLogLevel, _ m: String) { Swift.print("LOG", l, m) }
    func parameter(_ n: String) -> String? { n == "fast" ? "10" : n == "bad" ? "x" : nil }
    func state(_ n: String) -> JSON? { values[n] }
    func setState(_ n: String, _ v: JSON?) { values[n] = v }
    func report(_ p: String, from s: CallSite?) { Swift.print("REPORT", p, s as Any) }
    func refuseAccountCall(_ c: String, from s: CallSite?) { Swift.print("NOACCOUNT", c, s as Any) }
}
func time() -> Double {
    var t = timespec()
    clock_gettime(CLOCK_MONOTONIC, &t)
    return Double(t.tv_sec) * 1000 + Double(t.tv_nsec) / 1e6
}
var env: [String: String] = [:]
for n in ["PATH", "HOME", "JQTRADE_PATH", "JQTRADE_MODULES"] { if let p = getenv(n) { env[n] = String(cString: p) } }
do {
    let t0 = time()
    let b = StrategyBuilder(buildFolder: "/tmp/dscratch/home/build", environment: env) { Swift.print("...", $0) }
    if CommandLine.arguments.count > 2 {
        let p = try b.export(code: CommandLine.arguments[1], to: CommandLine.arguments[2])
        Swift.print("exported", p.sources)
        exit(0)
    }
    let p = try b.prepare(code: CommandLine.arguments[1])
    let t1 = time()
    let entry = try loadStrategy(library: p.library)
    let t2 = time()
    Swift.print("prepare \(t1 - t0) ms cache \(p.fromCache); load \(t2 - t1) ms", p.sources, p.warnings)
    let r = R()
    StrategyHost.attach(r, optionSites: entry.optionSites)
    let c = Context(r)
    try entry.initialize(c)
    for j in r.jobs { do { try j.function(c) } catch { Swift.print("THROWN", error) } }
    try entry.exit?(c)
    Swift.print("has on_order", entry.onOrder != nil)
} catch {
    Swift.print("ERROR: \(error)")
    exit(4)
}
