import Market

/// A clock that jumps to whatever is waited for: a year passes as fast as its events can be handled, in the same order
/// each time.
public final class VirtualClock: MarketClock {
    // A backtest asks and sets these with each bar, each time for a moment: nobody can be within them, and the check of
    // that would cost more than they do.

    /// The wall clock as the simulation has it.
    @exclusivity(unchecked) public private(set) var now: Instant
    /// The time since the clock was made.
    @exclusivity(unchecked) public private(set) var elapsed = TimeSpan.zero
    /// Waiting on this clock costs no time.
    public var isVirtual: Bool { true }

    @exclusivity(unchecked) private var unseenMove: ClockMove?

    /// A clock that shows `start` until somebody waits.
    public init(start: Instant) { now = start }

    /// Begins at another instant, before anybody has waited: nobody is told of a move.
    public func begin(at instant: Instant) { now = instant }

    /// Jumps to the deadline; one that is past leaves the clock as it is.
    public func wait(until deadline: Instant?, watching watches: inout [Watch]) -> WakeUp {
        if let move = unseenMove {
            unseenMove = nil
            return .clockMoved(move)
        }
        if let deadline, deadline > now { pass(deadline - now) }
        return .deadline
    }

    /// Lets time go by with nobody waiting for it, as slow work does.
    public func pass(_ span: TimeSpan) {
        now = now + span
        elapsed = elapsed + span
    }

    /// Sets the wall clock, as a person or a time server would; the next wait reports it.
    public func set(to instant: Instant) {
        move(ClockMove(setBy: instant - now))
        now = instant
    }

    /// Puts the machine to sleep for a while; the next wait reports it.
    public func sleepMachine(_ span: TimeSpan) {
        move(ClockMove(slept: span))
        pass(span)
    }

    private func move(_ move: ClockMove) {
        let unseen = unseenMove ?? ClockMove()
        unseenMove = ClockMove(setBy: unseen.setBy + move.setBy, slept: unseen.slept + move.slept)
    }
}
