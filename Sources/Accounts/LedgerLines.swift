import Gates
import Market

/// The lines of a ledger, each found by its security and side. A line stays where it is for as long as the ledger lives, so
/// that an order may note its place.
struct LedgerLines {
    /// Products of futures that are other than built in.
    private let futures: [String: FuturesProduct]
    private var lines: [LedgerLine] = []
    private var places: [PositionKey: Int] = [:]
    /// The place that was last asked for: most who ask, ask for the same one again.
    private var last = 0
    /// Where the positions of the last snapshot are: most of the next one are in the same order.
    private var told: [Int] = []

    init(_ futures: [String: FuturesProduct]) { self.futures = futures }

    subscript(place: Int) -> LedgerLine {
        get { lines[place] }
        _modify { yield &lines[place] }
    }

    /// The place of a line, which is there from now on.
    mutating func place(of key: PositionKey) -> Int {
        if let place = knownPlace(of: key) { return place }
        last = lines.count
        lines.append(newLine(key))
        places[key] = last
        return last
    }

    private func newLine(_ key: PositionKey) -> LedgerLine {
        LedgerLine(key, multiplier: FuturesProduct.product(of: key.security, changes: futures)?.multiplier)
    }

    /// How many units of the price a contract stands for; nil for what is paid in full.
    mutating func multiplier(of key: PositionKey) -> Int64? { lines[place(of: key)].multiplier }

    private mutating func knownPlace(of key: PositionKey) -> Int? {
        if last < lines.count, lines[last].key == key { return last }
        guard let place = places[key] else { return nil }
        last = place
        return place
    }

    /// A position; an empty one where there is none.
    mutating func holding(_ key: PositionKey) -> Holding {
        knownPlace(of: key).map { lines[$0].holding } ?? newLine(key).holding
    }

    /// All that is not nothing, in order of code.
    var holdings: [Holding] {
        lines.indices.filter { !lines[$0].isEmpty }.sorted { lines[$0].key < lines[$1].key }.map { lines[$0].holding }
    }

    // MARK: A snapshot

    mutating func beginSnapshot() { for place in lines.indices { lines[place].beginSnapshot() } }

    /// The position that a snapshot names at an index.
    mutating func tell(_ holding: AccountSnapshot.Holding, at index: Int) {
        let key = PositionKey(security: holding.security, side: holding.side)
        if index < told.count, lines[told[index]].key == key {
            lines[told[index]].tell(holding)
            return
        }
        let place = place(of: key)
        if index < told.count { told[index] = place } else { told.append(place) }
        lines[place].tell(holding)
    }

    mutating func endSnapshot(isFirst: Bool) {
        for place in lines.indices { lines[place].endSnapshot(isFirst: isFirst) }
    }

    mutating func roll() { for place in lines.indices { lines[place].roll() } }
}
