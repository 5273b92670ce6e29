import Gates
import Market

/// One thing that an account's journal remembers. All that an account knows of its orders follows from these.
enum JournalEntry: Hashable {
    /// An order is about to be sent.
    case intent(OrderTicket, priceThen: Money?)
    /// What became of sending it; with a number if the strategy is yet to be told.
    case outcome(OrderID, Submission, number: Int?)
    /// A rule refused it; it was never sent.
    case refused(OrderTicket, String)
    /// The broker said this, and it was obeyed.
    case heard(OrderUpdate, number: Int)
    /// The broker said this, and it did not fit.
    case notObeyed(OrderUpdate, String)
    /// A cancel is about to be sent.
    case cancel(OrderID)
    /// What became of sending it.
    case cancelOutcome(OrderID, Submission)
    /// The day of an unfinished order is over.
    case dayEnded(OrderID, number: Int)
    /// The broker's word on cash and positions, where it differs from the last that was written.
    case snapshot(AccountSnapshot)
    /// The strategy was told of all changes up to this one.
    case told(Int)
    /// A callback of the strategy begins; with a number if it is told of that change, and of what order.
    case calling(String, order: OrderID?, number: Int?)
    /// It has ended.
    case called
    /// The program had ended within it.
    case callBroken
}
