extension TimeSpan: CustomStringConvertible {
    /// `0.3 s`, `12 s`, `-1.0 s`: tenths below ten seconds.
    public var description: String {
        let tenths = (nanoseconds.magnitude + 50_000_000) / 100_000_000
        let text = tenths < 100 ? "\(tenths / 10).\(tenths % 10) s" : "\(tenths / 10) s"
        return nanoseconds < 0 && tenths > 0 ? "-" + text : text
    }
}
