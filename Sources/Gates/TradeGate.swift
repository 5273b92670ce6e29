import Market

/// The way to a broker, or to what stands in for one. All calls come on the task's one thread and may block shortly.
///
/// Whoever writes a gate answers for one thing above all: what is in doubt is `unknown`, never `refused`, and nothing is
/// ever sent twice.
public protocol TradeGate: AnyObject {
    /// The names of the options that belong to this gate; these and any name beginning with `x_` reach `setup`.
    var optionNames: [String] { get }
    /// Reads the options and gets ready. Nothing may leave for the broker here. Throws the sentence to be shown.
    func setup(_ desk: GateDesk) throws
    /// The id of the next order, as the broker's files carry it; nil lets the account make one of its own.
    func nextID() -> OrderID?
    /// These orders were given by an earlier run of this task: from here on `updates` tells of them too, all that was
    /// ever said of them included. Called before any other order leaves.
    func adopt(_ tickets: [OrderTicket])
    /// When there was last a sign of life from the broker's side, by this machine's clock; nil for a gate that cannot
    /// fall silent, or that has never heard anything: `watchesSilence` tells which.
    var lastSign: Instant? { get }
    /// True if orders are to be refused when `lastSign` is too long ago, or `account` has told nothing for too long: the
    /// broker's side writes the account again and again.
    var watchesSilence: Bool { get }
    /// What the gate must know to prove later that an order never left: which file it would have been written to and how
    /// long that was, say. It stands in each order's ticket, and so in the journal, before the order is sent.
    func mark() -> String
    /// False for a gate that tells nothing of cash and positions: no order is measured against them, and there are no
    /// targets. Of any other, orders are refused until it has told its account on the day itself.
    var hasAccountSide: Bool { get }
    /// Sends orders, all in one step if it can; one answer for each, in order.
    func submit(_ tickets: [OrderTicket]) -> [Submission]
    /// Sends one order, for a gate to which a list is a detour.
    func submitOne(_ ticket: OrderTicket) -> Submission
    /// Asks for cancels; one answer for each, in order.
    func cancel(_ ids: [OrderID]) -> [Submission]
    /// What the broker says of the account now; nil if there is nothing new and whole. Not asked of a gate without an
    /// account side.
    func account() -> AccountSnapshot?
    /// What has been said of orders since the last call, in the order in which it was said; of others' orders nothing.
    func updates() -> [OrderUpdate]
    /// The same, one after the other, for a gate that can do without the list: it may be a whole day's file. Who hears of
    /// them does not call the gate meanwhile.
    func tellUpdates(to hear: (OrderUpdate) -> Void)
    /// True if `updates` never tells the same thing twice, as who reads a file from its start again does. Nobody keeps what
    /// was heard then.
    var tellsOnce: Bool { get }
    /// Whether these orders have left us, looked up in all that the gate wrote and the broker answered. A gate does not
    /// know whether the machine was started anew since the ticket was made, and what was not flushed lost: `absent`
    /// counts only within one boot.
    func find(_ tickets: [OrderTicket]) -> [Presence]
}

extension TradeGate {
    /// Any id will do.
    public func nextID() -> OrderID? { nil }
    /// A gate that knows its orders otherwise, or none from before.
    public func adopt(_ tickets: [OrderTicket]) {}
    /// A gate that cannot fall silent.
    public var lastSign: Instant? { nil }
    /// A gate that cannot fall silent.
    public var watchesSilence: Bool { false }
    /// A gate that knows its account: who forgets to say so has orders refused, and none that nobody has measured.
    public var hasAccountSide: Bool { true }
    /// A gate that sends lists. One that answers nothing leaves the order in doubt.
    public func submitOne(_ ticket: OrderTicket) -> Submission {
        submit([ticket]).answer(to: 0)
    }
    /// A gate that makes a list.
    public func tellUpdates(to hear: (OrderUpdate) -> Void) { updates().forEach(hear) }
    /// A gate that may repeat itself.
    public var tellsOnce: Bool { false }
    /// A gate that can prove nothing has no mark.
    public func mark() -> String { "" }

    /// What `tellUpdates` tells, for gates here that make no list of their own. One that makes neither would never end.
    package func listOfUpdates() -> [OrderUpdate] {
        var updates: [OrderUpdate] = []
        tellUpdates { updates.append($0) }
        return updates
    }
}
