import Market

/// What has come and is not due yet, in order of its time and, within one instant, as it came: a row that was stamped a
/// little ahead of the clock waits alone. A heap.
struct LiveQueue {
    private struct Entry {
        let time: Instant
        let place: Int
        let number: Int
        let event: MarketEvent

        static func < (a: Entry, b: Entry) -> Bool { a.time == b.time ? a.place < b.place : a.time < b.time }
    }

    private var heap: [Entry] = []
    private var count = 0

    /// When the next event is due.
    var nextTime: Instant? { heap.first?.time }

    /// True if something of this security and this time waits.
    func holds(_ number: Int, at time: Instant) -> Bool { heap.contains { $0.number == number && $0.time == time } }

    mutating func add(_ event: MarketEvent, of number: Int, at time: Instant) {
        heap.append(Entry(time: time, place: count, number: number, event: event))
        count += 1
        heap.raiseLast(<)
    }

    /// The next event, if it is due, with its security and its time.
    mutating func take(upTo now: Instant) -> (event: MarketEvent, number: Int, time: Instant)? {
        guard let first = heap.first, first.time <= now, let last = heap.popLast() else { return nil }
        if !heap.isEmpty {
            heap[0] = last
            heap.sinkFirst(<)
        }
        return (first.event, first.number, first.time)
    }
}
