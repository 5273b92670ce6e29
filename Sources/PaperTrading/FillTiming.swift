/// When an order is filled on bars, where nobody knows what happened within one.
public enum FillTiming: String, Sendable, CaseIterable {
    /// At the open of the next bar: what a strategy decides on a bar's close, it cannot trade at that close.
    case nextOpen = "next_open"
    /// At the close of the bar on which it was given.
    case thisClose = "this_close"
}
