import CSupport

/// How long the long proofs run: 1 in `swift test`, more where `JQTRADE_TEST_SCALE` says so.
public enum TestScale {
    /// The factor, at least 1.
    public static var factor: Int { number("JQTRADE_TEST_SCALE") ?? 1 }

    /// How often the kills of a live task are tried, which takes seconds each: `JQTRADE_KILL_ROUNDS`, or else the factor.
    public static var killRounds: Range<UInt64> { 0..<UInt64(number("JQTRADE_KILL_ROUNDS") ?? factor) }

    private static func number(_ name: String) -> Int? {
        getenv(name).flatMap { Int(String(cString: $0)) }.map { min(max($0, 1), 10_000) }
    }

    /// Seeds for a proof that tries `count` of them at scale 1: the same each time, so that a failure comes again.
    public static func seeds(_ count: Int) -> Range<UInt64> { 0..<UInt64(max(count, 0) * factor) }
}
