import Gates
import Market

/// A callback of the strategy within which the program ended: it may have sent some of its orders.
public struct BrokenCallback: Hashable, Sendable {
    /// What was called: `on_trade`.
    public let name: String
    /// The order that it was told of, if it was one.
    public let order: OrderID?
    /// The trading day.
    public let day: Day
}

/// Which callback of the strategy runs, and within which the program has ended.
struct CallbackMemory {
    private(set) var running: BrokenCallback?
    /// Those of the trading day.
    private(set) var broken: [BrokenCallback] = []

    mutating func begin(_ name: String, order: OrderID?, day: Day) {
        breakOff()
        running = BrokenCallback(name: name, order: order, day: day)
    }

    mutating func end() { running = nil }

    /// What runs will not end any more.
    mutating func breakOff() {
        if let running { broken.append(running) }
        running = nil
    }

    mutating func roll(to day: Day) { broken.removeAll { $0.day < day } }
}
