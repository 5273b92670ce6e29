import CSupport
import Market

/// The system's three clocks, read at one moment. What they disagree on between two readings is a `ClockMove`.
struct ClockReading: Equatable {
    /// The wall clock: set by people and by time servers.
    var wall: Int64
    /// Set by nobody, counts the machine's sleep.
    var elapsed: Int64
    /// Set by nobody, stands still in sleep.
    var awake: Int64

    /// Less than this is the clocks' own unevenness, or a correction too small to matter to a slot.
    static let threshold: Int64 = 100_000_000

    /// Whoever is interrupted between two clocks would see them jump apart: reads again until it was not.
    static func now() -> ClockReading {
        var reading = ClockReading(wall: 0, elapsed: 0, awake: 0)
        for _ in 0..<10 {
            reading.elapsed = cs_elapsed_nanoseconds()
            reading.wall = cs_wall_nanoseconds()
            reading.awake = cs_awake_nanoseconds()
            if cs_elapsed_nanoseconds() - reading.elapsed < 1_000_000 { break }
        }
        return reading
    }

    /// How the wall clock has moved since an earlier reading, beyond the passing of time.
    func move(since earlier: ClockReading) -> ClockMove? {
        let elapsedSince = elapsed - earlier.elapsed
        let setBy = (wall - earlier.wall) - elapsedSince
        let slept = elapsedSince - (awake - earlier.awake)
        let wasSet = setBy.magnitude >= Self.threshold
        let hasSlept = slept >= Self.threshold
        guard wasSet || hasSlept else { return nil }
        return ClockMove(
            setBy: TimeSpan(nanoseconds: wasSet ? setBy : 0), slept: TimeSpan(nanoseconds: hasSlept ? slept : 0))
    }
}
