import Gates
import Market

/// The parts of an order that were filled and that a snapshot may not know. There is hardly ever more than one, so the first
/// needs no list.
struct OrderFills {
    /// A part that was filled some time between two instants; what one sync tells is one part.
    struct Fill {
        var amount: Int64 = 0
        var value = Money.zero
        /// What the broker says that it cost beside its value; nil until he does.
        var fees: Money?
        let after: Instant
        let heardAt: Instant
    }

    private var first: Fill?
    private var others: [Fill] = []

    var isEmpty: Bool { first == nil }

    @inline(__always)
    func forEach(_ look: (Fill) -> Void) {
        guard let first else { return }
        look(first)
        for fill in others { look(fill) }
    }

    /// Adds to the last part if it was heard of at the same time, else a part of its own.
    mutating func add(_ amount: Int64, _ value: Money, after: Instant, heardAt: Instant) {
        if let last = others.last ?? first, last.after == after, last.heardAt == heardAt {
            return changeLast {
                $0.amount += amount
                $0.value = $0.value + value
            }
        }
        let fill = Fill(amount: amount, value: value, after: after, heardAt: heardAt)
        if first == nil { first = fill } else { others.append(fill) }
    }

    /// The broker tells the fees of all fills together, so much more than before: from then on nothing is estimated.
    mutating func note(fees: Money) {
        if first?.fees == nil { first?.fees = .zero }
        for place in others.indices where others[place].fees == nil { others[place].fees = .zero }
        changeLast { $0.fees = ($0.fees ?? .zero) + fees }
    }

    /// Forgets those that were heard of so early.
    mutating func forget(heardBy instant: Instant) {
        if !others.isEmpty { others.removeAll { $0.heardAt <= instant } }
        if let first, first.heardAt <= instant { self.first = others.isEmpty ? nil : others.removeFirst() }
    }

    private mutating func changeLast(_ change: (inout Fill) -> Void) {
        if !others.isEmpty { return change(&others[others.count - 1]) }
        if var only = first {
            change(&only)
            first = only
        }
    }
}
