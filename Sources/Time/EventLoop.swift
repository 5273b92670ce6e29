import Market

/// A watch that was set, to take it away by.
public struct LoopWatch: Hashable, Sendable {
    let number: Int
}

/// The one thread of truth: timers, descriptors and posted work, handled one after the other.
///
/// A loop belongs to the thread that runs it; only `mailbox` may be used from others. Handlers may add and cancel
/// timers and watches at will.
public final class EventLoop {
    /// What the loop waits through.
    public let clock: any MarketClock
    /// Where other threads leave work for this loop.
    public let mailbox = LoopMailbox()
    /// Told first when the wall clock was set or the machine slept: before anything that is due by the new time.
    public var onClockMove: ((ClockMove) -> Void)?

    /// Asked before each bar and at each turn, and never to change.
    private let isVirtual: Bool
    // What the queue does calls nobody, and neither does a clock that waits: nobody can be within them. A batch is plain
    // numbers: the queue fills it, it is emptied at once, and the actions run while a copy is gone through.
    @exclusivity(unchecked) private var timers = TimerQueue()
    @exclusivity(unchecked) private var batch: [TimerQueue.Entry] = []
    @exclusivity(unchecked) private var watches: [Watch] = []
    private var handlers: [(watch: LoopWatch, handle: () -> Void)] = []
    private var lastWatch = 0
    private var hasPipe = false
    @exclusivity(unchecked) private var isStopping = false
    /// Timers of this instant that are still to run after the one that runs now.
    @exclusivity(unchecked) private var batchRest = 0
    /// Whether this thread has posted anything that is still to be done.
    @exclusivity(unchecked) private var hasOwnPosts = false
    @exclusivity(unchecked) private var moves = 0

    /// A loop on a clock.
    public init(clock: any MarketClock) {
        self.clock = clock
        isVirtual = clock.isVirtual
    }

    /// The wall clock.
    public var now: Instant { clock.now }

    /// Sets a timer on the wall clock: it keeps its time of day when the clock is set. Timers of one instant run by
    /// rank, then as they were set; one that is set in their midst runs after them.
    @discardableResult
    public func at(_ due: Instant, rank: Int = 0, _ action: @escaping () -> Void) -> LoopTimer {
        timers.add(due: due, rank: rank, action: action)
    }

    /// Sets a timer on elapsed time: setting the clock changes nothing for it, and a machine's sleep counts.
    @discardableResult
    public func after(_ span: TimeSpan, _ action: @escaping () -> Void) -> LoopTimer {
        let elapsedDue = saturatingSum(clock.elapsed.nanoseconds, span.nanoseconds)
        return timers.add(
            due: Instant(nanoseconds: saturatingSum(now.nanoseconds, span.nanoseconds)),
            elapsedDue: TimeSpan(nanoseconds: elapsedDue), action: action)
    }

    /// Takes a timer away and releases its action; nothing happens if it has fired.
    public func cancel(_ timer: LoopTimer) { withExtendedLifetime(timers.cancel(timer)) {} }

    /// Calls the handler whenever the descriptor is ready, until `unwatch`, which must come before it is closed.
    public func watch(_ descriptor: Int32, _ interest: Watch.Interest, _ handler: @escaping () -> Void) -> LoopWatch {
        lastWatch += 1
        let watch = LoopWatch(number: lastWatch)
        watches.append(Watch(descriptor, interest))
        handlers.append((watch, handler))
        return watch
    }

    /// Takes a watch away; its handler is not called again.
    public func unwatch(_ watch: LoopWatch) {
        guard let index = handlers.firstIndex(where: { $0.watch == watch }) else { return }
        watches.remove(at: index)
        // What dies with the handler may use the loop.
        withExtendedLifetime(handlers.remove(at: index)) {}
    }

    /// Does something soon, after what is being done now. From other threads: `mailbox.post`.
    public func post(_ action: @escaping () -> Void) {
        hasOwnPosts = true
        mailbox.add(action)
    }

    /// On a virtual clock, within a handler: goes on to an instant, if nothing else is to be done before it, nor at it by a
    /// timer of this rank or a lower one. A handler that has much to do in order of time needs no timer for each piece.
    public func moveOn(to instant: Instant, rank: Int = 0) -> Bool {
        guard isVirtual, !isStopping, batchRest == 0, !hasOwnPosts else { return false }
        // Others post seldom, and looking takes their lock.
        moves &+= 1
        if moves & 1023 == 0, !mailbox.isEmpty { return false }
        if timers.hasOne(upTo: instant, rank: rank) { return false }
        if case .clockMoved(let move) = clock.wait(until: instant, watching: &watches) {
            clockMoved(move)
            return false
        }
        return true
    }

    /// Ends `run()` when the handler of this moment returns; nothing else is begun.
    public func stop() { isStopping = true }

    /// Works until `stop()`; on a virtual clock also until there is nothing left to wait for.
    public func run() {
        defer { isStopping = false }
        while !isStopping, turn() {}
    }

    /// Waits for the next thing to do and does all that there is to do at that moment. False, at once, if on a virtual
    /// clock there is nothing left to wait for.
    @discardableResult
    public func runOnce() -> Bool {
        defer { isStopping = false }
        return turn()
    }

    private func turn() -> Bool {
        openPipe()
        let hasPosts = !mailbox.isEmpty
        let next = timers.nextDue()
        if isVirtual, next == nil, !hasPosts { return false }
        if case .clockMoved(let move) = clock.wait(until: hasPosts ? now : next, watching: &watches) {
            clockMoved(move)
        }
        runPosts()
        runTimers()
        runWatches()
        return true
    }

    /// Without descriptors to spare there is no pipe for now, and posted work waits for the next wake-up.
    private func openPipe() {
        guard !hasPipe, !isVirtual, let descriptor = mailbox.openPipe() else { return }
        hasPipe = true
        _ = watch(descriptor, .read) { [mailbox] in mailbox.emptyPipe() }
    }

    private func clockMoved(_ move: ClockMove) {
        let (now, elapsed) = (clock.now, clock.elapsed)
        timers.reschedule { Instant(nanoseconds: saturatingSum(now.nanoseconds, ($0 - elapsed).nanoseconds)) }
        for index in watches.indices { watches[index].isReady = false }
        onClockMove?(move)
    }

    private func runPosts() {
        hasOwnPosts = false
        let posts = mailbox.takeAll()
        for index in posts.indices {
            if isStopping {
                hasOwnPosts = true
                return mailbox.putBack(posts[index...])
            }
            posts[index]()
        }
    }

    /// Runs what is due now, one instant after the other. What is set or becomes due meanwhile waits for the next turn, so
    /// that posted work and descriptors get theirs, even if a handler sets a timer for the past again and again.
    private func runTimers() {
        let (now, newest) = (clock.now, timers.newest)
        while !isStopping, timers.popBatch(notAfter: now, setBy: newest, into: &batch) {
            batchRest = batch.count
            for entry in batch {
                batchRest -= 1
                if isStopping { timers.put(entry) } else { timers.take(entry)?() }
            }
            batch.removeAll(keepingCapacity: true)
        }
    }

    private func runWatches() {
        guard watches.contains(where: \.isReady) else { return }
        let ready = zip(watches, handlers).filter { $0.0.isReady }.map { $0.1 }
        for (watch, handle) in ready where handlers.contains(where: { $0.watch == watch }) {
            if isStopping { return }
            handle()
        }
    }
}

/// The sum, or the nearest that 64 bits can hold: a timer for never stays one.
private func saturatingSum(_ a: Int64, _ b: Int64) -> Int64 {
    let (sum, overflow) = a.addingReportingOverflow(b)
    return overflow ? (b < 0 ? .min : .max) : sum
}
