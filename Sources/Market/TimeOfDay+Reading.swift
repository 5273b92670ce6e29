extension TimeOfDay {
    /// The time written as `9:30`, `09:30` or `09:30:15`, from 00:00:00 to 23:59:59.
    public init(clock text: some StringProtocol) throws(ClockTimeError) {
        let parts = text.utf8.split(separator: 0x3A, omittingEmptySubsequences: false)
        let wellFormed =
            (2...3).contains(parts.count) && (1...2).contains(parts[0].count)
            && parts.dropFirst().allSatisfy { $0.count == 2 }
            && parts.allSatisfy { $0.allSatisfy { (0x30...0x39).contains($0) } }
        guard wellFormed else { throw ClockTimeError(text: String(text), problem: .malformed) }
        let values = parts.map { $0.reduce(0) { $0 * 10 + Int($1 - 0x30) } }
        guard values[0] < 24 else { throw ClockTimeError(text: String(text), problem: .hour) }
        guard values.dropFirst().allSatisfy({ $0 < 60 }) else {
            throw ClockTimeError(text: String(text), problem: .minuteOrSecond)
        }
        self.init(values[0], values[1], values.count == 3 ? values[2] : 0)
    }
}

/// Why a text is no time of day.
public struct ClockTimeError: Error, Hashable, Sendable {
    /// What was written.
    public let text: String
    /// What is wrong with it.
    public let problem: Problem

    /// What can be wrong.
    public enum Problem: Hashable, Sendable {
        /// It does not look like a time at all.
        case malformed
        /// The hour is past 23.
        case hour
        /// The minute or the second is past 59.
        case minuteOrSecond
    }
}

extension ClockTimeError: CustomStringConvertible {
    /// A sentence for the user.
    public var description: String {
        switch problem {
        case .malformed: "\"\(text)\" is no time of day: write HH:MM or HH:MM:SS, like 09:30"
        case .hour: "there is no time \(text): hours go from 00 to 23"
        case .minuteOrSecond: "there is no time \(text): minutes and seconds go from 00 to 59"
        }
    }
}
