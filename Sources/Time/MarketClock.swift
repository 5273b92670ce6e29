import Market

/// The one seam to time: who asks it what time it is, and waits through it, runs alike live and in a simulation.
///
/// A clock belongs to one thread, that of its event loop.
public protocol MarketClock: AnyObject {
    /// The wall clock. It may be set, forward or back, at any moment.
    var now: Instant { get }

    /// Time since some fixed moment on a clock that nobody sets; a machine's sleep counts.
    var elapsed: TimeSpan { get }

    /// Whether waiting costs no time. Such a clock knows no descriptors: only its deadlines ever come.
    var isVirtual: Bool { get }

    /// Waits until the wall clock shows `deadline`, a watched descriptor is ready or the wall clock has moved.
    ///
    /// Ready flags are set whatever the answer, so that deadlines that follow each other closely starve nobody. Without
    /// a deadline it waits for the other two alone; a virtual clock answers at once.
    func wait(until deadline: Instant?, watching watches: inout [Watch]) -> WakeUp
}

/// Why a wait ended.
public enum WakeUp: Equatable, Sendable {
    /// The deadline has come.
    case deadline
    /// A watched descriptor is ready.
    case ready
    /// The wall clock was set, or the machine slept; nothing else has been looked at.
    case clockMoved(ClockMove)
}

/// A descriptor to look at while waiting.
public struct Watch: Equatable, Sendable {
    /// What to wait for.
    public enum Interest: Sendable {
        /// Something to read, the other side's end, or an error.
        case read
        /// Room to write, or an error.
        case write
    }

    /// The descriptor.
    public var descriptor: Int32
    /// What to wait for.
    public var interest: Interest
    /// Whether the last wait found it so.
    public var isReady = false

    /// A descriptor to look at while waiting.
    public init(_ descriptor: Int32, _ interest: Interest) {
        self.descriptor = descriptor
        self.interest = interest
    }
}

/// A jump of the wall clock that time alone does not explain.
public struct ClockMove: Equatable, Sendable {
    /// By how much the wall clock was set: negative if it was set back.
    public var setBy: TimeSpan
    /// How long the machine slept.
    public var slept: TimeSpan

    /// A clock that was set, a machine that slept, or both at once.
    public init(setBy: TimeSpan = .zero, slept: TimeSpan = .zero) {
        self.setBy = setBy
        self.slept = slept
    }
}

extension ClockMove: CustomStringConvertible {
    /// `the clock was set forward by 3600.0 s`, `the machine slept for 12.5 s`.
    public var description: String {
        var parts: [String] = []
        if slept != .zero { parts.append("the machine slept for \(tenths(slept)) s") }
        if setBy != .zero {
            parts.append("the clock was set \(setBy < .zero ? "back" : "forward") by \(tenths(setBy)) s")
        }
        return parts.isEmpty ? "the clock did not move" : parts.joined(separator: " and ")
    }

    private func tenths(_ span: TimeSpan) -> String {
        let tenths = span.nanoseconds.magnitude / 100_000_000
        return "\(tenths / 10).\(tenths % 10)"
    }
}
