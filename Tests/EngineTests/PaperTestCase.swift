import Market
import TestSupport
import XCTest

@testable import Engine

/// What tests of strategies on paper have in common: one security, and a feed of its bars whose every word is known.
class PaperTestCase: XCTestCase {
    let code = "000001.XSHE"

    func at(_ time: String, _ day: String = "2026-11-19") -> Instant { shanghai("\(day) \(time)") }

    /// A bar a minute from 09:31 on, opening at 10.00, 10.10, 10.20 … and closing 0.05 above.
    func rising(_ count: Int, _ day: String = "2026-11-19") -> [MarketBar] {
        (0..<count).map {
            let open = 10 + Double($0) / 10
            return bar(at("09:31", day) + .seconds(Int64($0) * 60), open + 0.05, open: open)
        }
    }

    /// A machine on the morning of the day. Without `listening` nobody hears of its runs, and nothing is remembered.
    func machine(_ bars: [MarketBar], start: String = "09:20", listening: Bool = true) throws -> Machine {
        let machine = try Machine(at(start), listening: listening)
        if !listening { machine.folder = nil }
        machine.feed = ScriptedFeed(.minute, bars: [code: bars])
        return machine
    }
}
