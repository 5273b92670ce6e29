import Market

/// A timer that was set, to cancel it by. Cancelling one that has fired does nothing.
public struct LoopTimer: Hashable, Sendable {
    let slot: Int32
    let sequence: Int64
}

/// The timers of a loop in order of (due, rank, sequence): a heap of plain numbers beside a table of actions.
///
/// Cancelling frees the action at once and leaves its entry in the heap; entries whose action is gone are passed over,
/// and swept out when they are the greater part.
struct TimerQueue {
    /// A timer's place in the order.
    struct Entry {
        var due: Instant
        let sequence: Int64
        let rank: Int32
        let slot: Int32

        static func < (a: Entry, b: Entry) -> Bool {
            if a.due != b.due { return a.due < b.due }
            if a.rank != b.rank { return a.rank < b.rank }
            return a.sequence < b.sequence
        }
    }

    private struct Slot {
        var sequence: Int64
        /// When a timer on elapsed time is due on that clock; nil for one on the wall clock.
        var elapsedDue: TimeSpan?
        var action: (() -> Void)?
    }

    private var heap: [Entry] = []
    private var slots: [Slot] = []
    private var freeSlots: [Int32] = []
    private var lastSequence: Int64 = 0
    private var stale = 0
    /// No timer is due before this.
    private var earliest = Instant(nanoseconds: .min)

    /// How many entries there are, the cancelled ones that are still to be swept out among them.
    var entryCount: Int { heap.count }

    /// Adds a timer.
    mutating func add(
        due: Instant, rank: Int = 0, elapsedDue: TimeSpan? = nil, action: @escaping () -> Void
    ) -> LoopTimer {
        lastSequence += 1
        let slot = Slot(sequence: lastSequence, elapsedDue: elapsedDue, action: action)
        let index: Int32
        if let free = freeSlots.popLast() {
            index = free
            slots[Int(index)] = slot
        } else {
            index = Int32(truncatingIfNeeded: slots.count)
            slots.append(slot)
        }
        put(Entry(due: due, sequence: lastSequence, rank: Int32(clamping: rank), slot: index))
        return LoopTimer(slot: index, sequence: lastSequence)
    }

    /// Takes a timer out. Its action is the caller's to release: what dies with it may use the queue again.
    mutating func cancel(_ timer: LoopTimer) -> (() -> Void)? {
        guard let action = take(slot: timer.slot, sequence: timer.sequence) else { return nil }
        stale += 1
        if stale > 64, stale > heap.count / 2 {
            heap = heap.filter(isWaiting)
            stale = 0
            orderAll()
        }
        return action
    }

    /// When the next timer is due.
    mutating func nextDue() -> Instant? {
        while let first = heap.first {
            if isWaiting(first) {
                earliest = first.due
                return first.due
            }
            _ = popFirst()
            stale -= 1
        }
        earliest = Instant(nanoseconds: .max)
        return nil
    }

    /// True if a timer is due before an instant, or at it by this rank or a lower one. Asked before each bar, it is nearly
    /// always said with one look.
    @inline(__always)
    mutating func hasOne(upTo instant: Instant, rank: Int) -> Bool {
        if instant < earliest { return false }
        guard let due = nextDue(), due <= instant, let first = heap.first else { return false }
        return due < instant || first.rank <= Int32(clamping: rank)
    }

    /// The timer that was set last.
    var newest: Int64 { lastSequence }

    /// Moves all timers of the earliest instant, if it is not after `now`, to `batch`, in order, up to the first that was
    /// set after `newest`. False if there is none.
    mutating func popBatch(notAfter now: Instant, setBy newest: Int64, into batch: inout [Entry]) -> Bool {
        guard let due = nextDue(), due <= now else { return false }
        while let first = heap.first, first.due == due, first.sequence <= newest { batch.append(popFirst(first)) }
        return !batch.isEmpty
    }

    /// The action of an entry that has been popped, or nil if it was cancelled meanwhile.
    mutating func take(_ entry: Entry) -> (() -> Void)? {
        if let action = take(slot: entry.slot, sequence: entry.sequence) { return action }
        stale = max(0, stale - 1)
        return nil
    }

    /// Puts back an entry that was popped and not taken.
    mutating func put(_ entry: Entry) {
        if entry.due < earliest { earliest = entry.due }
        heap.append(entry)
        var index = heap.count - 1
        while index > 0 {
            let parent = (index - 1) / 2
            guard entry < heap[parent] else { break }
            heap[index] = heap[parent]
            index = parent
        }
        heap[index] = entry
    }

    /// The wall clock has moved: timers on elapsed time get the wall time at which they are due now.
    mutating func reschedule(wallTime: (_ elapsedDue: TimeSpan) -> Instant) {
        for index in heap.indices where isWaiting(heap[index]) {
            guard let elapsedDue = slots[Int(heap[index].slot)].elapsedDue else { continue }
            heap[index].due = wallTime(elapsedDue)
        }
        earliest = Instant(nanoseconds: .min)
        orderAll()
    }

    private func isWaiting(_ entry: Entry) -> Bool { slots[Int(entry.slot)].sequence == entry.sequence }

    private mutating func take(slot: Int32, sequence: Int64) -> (() -> Void)? {
        let index = Int(slot)
        guard slots.indices.contains(index), slots[index].sequence == sequence else { return nil }
        let action = slots[index].action
        slots[index] = Slot(sequence: 0, elapsedDue: nil, action: nil)
        freeSlots.append(slot)
        return action
    }

    private mutating func popFirst() -> Entry? { heap.first.map { popFirst($0) } }

    private mutating func popFirst(_ first: Entry) -> Entry {
        let last = heap.removeLast()
        if !heap.isEmpty { settle(last, from: 0) }
        return first
    }

    private mutating func orderAll() {
        for index in stride(from: heap.count / 2 - 1, through: 0, by: -1) { settle(heap[index], from: index) }
    }

    /// Lets an entry sink from a free place to where it belongs.
    private mutating func settle(_ entry: Entry, from start: Int) {
        var index = start
        while true {
            var child = 2 * index + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
            guard heap[child] < entry else { break }
            heap[index] = heap[child]
            index = child
        }
        heap[index] = entry
    }
}
