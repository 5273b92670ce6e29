import CSupport
import Market
import Storage

/// The bars of one security in order of time, in memory of their own or in a mapped file.
final class BarStore {
    private(set) var bars: UnsafeBufferPointer<MarketBar>
    private let mapping: MappedFile?
    private var memory: UnsafeMutablePointer<MarketBar>?
    private var capacity = 0

    /// An empty store. Memory that is reserved and not filled costs nothing.
    init(reserving count: Int = 0) {
        bars = UnsafeBufferPointer(start: nil, count: 0)
        mapping = nil
        if count > 0 { grow(to: count) }
    }

    /// Bars that lie in a mapped file.
    init(_ bars: UnsafeBufferPointer<MarketBar>, in mapping: MappedFile) {
        self.bars = bars
        self.mapping = mapping
    }

    deinit { free(memory) }

    var count: Int { bars.count }

    @inline(__always) func append(_ bar: MarketBar) {
        let count = bars.count
        if count == capacity { grow(to: max(capacity * 2, 1024)) }
        guard let memory else { return }
        (memory + count).initialize(to: bar)
        bars = UnsafeBufferPointer(start: memory, count: count + 1)
    }

    /// Where so many more bars can be written, for `commit` to take over.
    func room(for more: Int) -> UnsafeMutablePointer<MarketBar>? {
        if capacity - count < more { grow(to: max(capacity * 2, count + more)) }
        return memory.map { $0 + count }
    }

    /// Takes over bars that have been written into the room.
    func commit(_ more: Int) { bars = UnsafeBufferPointer(start: memory, count: count + more) }

    /// Turns the order round, for files with the newest row first.
    func reverse() {
        var all = UnsafeMutableBufferPointer(start: memory, count: count)
        all.reverse()
    }

    /// Changes each bar's end.
    func restamp(_ end: (Instant) -> Instant) {
        guard let memory else { return }
        for index in 0..<count { memory[index].end = end(memory[index].end) }
    }

    /// How many bars had ended by an instant.
    func count(upTo now: Instant) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if bars[middle].end <= now { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The system moves large blocks by their page tables: growing copies nothing.
    private func grow(to wanted: Int) {
        let bytes = wanted * MemoryLayout<MarketBar>.stride
        guard let grown = realloc(memory, bytes) else { return }
        memory = grown.bindMemory(to: MarketBar.self, capacity: wanted)
        capacity = wanted
        bars = UnsafeBufferPointer(start: memory, count: bars.count)
    }
}

/// The ticks of one security in order of time; the levels of all their books lie in one array.
struct TickStore {
    private struct Row {
        var time: Instant
        var last: Money
        var volume: Int64
        var amount: Money
        var levels: Int
        var bids: UInt8
        var asks: UInt8
    }

    private var rows: [Row] = []
    private var levels: [MarketTick.Level] = []

    var count: Int { rows.count }

    func time(_ index: Int) -> Instant { rows[index].time }

    subscript(index: Int) -> MarketTick {
        let row = rows[index]
        let asks = row.levels + Int(row.bids)
        return MarketTick(
            time: row.time, last: row.last, volume: row.volume, amount: row.amount,
            bids: Array(levels[row.levels..<asks]), asks: Array(levels[asks..<asks + Int(row.asks)]))
    }

    mutating func append(_ tick: MarketTick) {
        rows.append(
            Row(
                time: tick.time, last: tick.last, volume: tick.volume, amount: tick.amount, levels: levels.count,
                bids: UInt8(clamping: tick.bids.count), asks: UInt8(clamping: tick.asks.count)))
        levels += tick.bids.prefix(Int(UInt8.max))
        levels += tick.asks.prefix(Int(UInt8.max))
    }

    mutating func reverse() { rows.reverse() }

    /// How many ticks there had been by an instant.
    func count(upTo now: Instant) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if rows[middle].time <= now { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
