import Gates
import Market

/// The orders of a task, in the order in which they were given.
struct OrderBook {
    /// What an order was before and is now.
    struct Change {
        let before: OrderState
        let after: OrderState
    }

    /// What hearing an update came to.
    enum Hearing {
        case obeyed(Change)
        case notObeyed(String)
        /// It says what is known, in words not heard before.
        case nothingNew
        /// Heard already, or of an order that is not ours.
        case known
    }

    private(set) var states: [OrderState] = []
    private(set) var unfinished: Set<OrderID> = []
    private var index: [OrderID: Int] = [:]
    /// What was heard of each order: a file that is read again from its start says nothing new.
    private var heard: [[UpdateWords]] = []

    /// Those that are not finished.
    var open: [OrderState] { unfinished.compactMap { index[$0] }.sorted().map { states[$0] } }

    subscript(id: OrderID) -> OrderState? { index[id].map { states[$0] } }

    func contains(_ id: OrderID) -> Bool { index[id] != nil }

    mutating func add(_ state: OrderState) {
        index[state.id] = states.count
        states.append(state)
        heard.append([])
        if !state.status.isFinished { unfinished.insert(state.id) }
    }

    mutating func hear(_ update: OrderUpdate, at now: Instant) -> Hearing {
        guard let place = index[update.id] else { return .known }
        let words = UpdateWords(update)
        if heard[place].contains(words) { return .known }
        heard[place].append(words)
        switch states[place].hearing(update, at: now) {
        case .obeyed(let after): return .obeyed(put(after, at: place))
        case .nothingNew: return .nothingNew
        case .notObeyed(let reason): return .notObeyed(reason)
        }
    }

    /// Changes an order; nil if there is none with this id or it stays as it is.
    mutating func change(_ id: OrderID, _ change: (inout OrderState) -> Void) -> Change? {
        guard let place = index[id] else { return nil }
        var state = states[place]
        change(&state)
        return state == states[place] ? nil : put(state, at: place)
    }

    /// A cancel goes out: the next refusal of a cancel is of this one, though it may be in the same words.
    mutating func forgetRefusedCancels(of id: OrderID) {
        guard let place = index[id] else { return }
        heard[place].removeAll(where: \.isRefusedCancel)
    }

    /// Forgets the orders of days before this one, but not those that are still at work: where no market's rules hold, an
    /// order is good until it is canceled.
    mutating func prune(before day: Day) {
        let kept = states.indices.filter { states[$0].ticket.day >= day || states[$0].isAtWork }
        guard kept.count < states.count else { return }
        heard = kept.map { heard[$0] }
        states = kept.map { states[$0] }
        index = Dictionary(uniqueKeysWithValues: states.enumerated().map { ($1.id, $0) })
        unfinished.formIntersection(index.keys)
    }

    private mutating func put(_ after: OrderState, at place: Int) -> Change {
        let before = states[place]
        states[place] = after
        if after.status.isFinished != before.status.isFinished {
            if after.status.isFinished { unfinished.remove(after.id) } else { unfinished.insert(after.id) }
        }
        return Change(before: before, after: after)
    }
}
