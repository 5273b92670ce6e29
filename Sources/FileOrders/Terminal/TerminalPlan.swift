import Market

/// What a terminal is going to do with the orders that it has taken, each thing at its time.
struct TerminalPlan {
    /// A step in the life of an order.
    enum Step {
        /// Says that it has been taken.
        case answer
        /// Says that it is at the exchange.
        case open
        /// Sends it back.
        case reject
        /// Fills it, or a part of it.
        case fill
        /// Answers a cancel.
        case answerCancel
        /// Cancels what is left.
        case cancel
    }

    /// A step of an order, by the counter's number.
    struct Item {
        let due: Instant
        let number: Int
        let step: Step
    }

    /// The last one is due first.
    private var items: [Item] = []

    var nextDue: Instant? { items.last?.due }

    mutating func add(_ step: Step, of number: Int, at due: Instant) {
        var (low, high) = (0, items.count)
        while low < high {
            let middle = (low + high) / 2
            if items[middle].due > due { low = middle + 1 } else { high = middle }
        }
        items.insert(Item(due: due, number: number, step: step), at: low)
    }

    /// True until it has been said of an order that it is at the exchange.
    func isYetToAnswer(_ number: Int) -> Bool {
        items.contains { $0.number == number && ($0.step == .answer || $0.step == .open) }
    }

    /// The next item that is due; it stays until it is done.
    func next(at now: Instant) -> Item? { items.last.flatMap { $0.due <= now ? $0 : nil } }

    mutating func finish() { _ = items.popLast() }

    /// Gives everything up at the end of a day, and returns what had only to be said, in order of time.
    mutating func endDay() -> [Item] {
        defer { items = [] }
        return items.reversed().filter { item in
            switch item.step {
            case .answer, .open, .answerCancel: true
            case .reject, .fill, .cancel: false
            }
        }
    }
}
