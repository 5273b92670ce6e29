import Market

/// How long a folder may keep the loop waiting: so much in all, in however many calls. What was waited is earned back,
/// second for second, while nothing is waited for; until then each call tries once.
struct Patience {
    private let most: TimeSpan
    private var spent = TimeSpan.zero
    /// Up to when the time that earns back has been counted.
    private var countedTo: TimeSpan
    private var givenUpUntil: TimeSpan?

    init(most: TimeSpan, _ now: TimeSpan) {
        self.most = most
        countedTo = now
    }

    /// How long may be waited now.
    mutating func left(at now: TimeSpan) -> TimeSpan {
        spent = max(spent - (now - countedTo), .zero)
        countedTo = now
        return max(most - spent, .zero)
    }

    /// So much was waited until now.
    mutating func spend(_ span: TimeSpan, at now: TimeSpan) {
        spent = spent + span
        countedTo = now
    }

    /// How long a call may last that waits for nothing, where the disk itself is slow. Even who must not wait has a
    /// moment for the work.
    var longestCall: TimeSpan { max(most, .seconds(1)) }

    /// A call lasted too long: as long as it may again, none begins.
    mutating func giveUp(at now: TimeSpan) { givenUpUntil = now + longestCall }

    /// True while no call begins.
    func isGivenUp(at now: TimeSpan) -> Bool { givenUpUntil.map { now < $0 } ?? false }
}
