import CSupport

/// How long the long proofs run: 1 in `swift test`, more where `JQTRADE_TEST_SCALE` says so.
public enum TestScale {
    /// The factor, at least 1.
    public static var factor: Int {
        guard let text = getenv("JQTRADE_TEST_SCALE").map({ String(cString: $0) }), let factor = Int(text) else {
            return 1
        }
        return min(max(factor, 1), 10_000)
    }

    /// Seeds for a proof that tries `count` of them at scale 1: the same each time, so that a failure comes again.
    public static func seeds(_ count: Int) -> Range<UInt64> { 0..<UInt64(max(count, 0) * factor) }
}
