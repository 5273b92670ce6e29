import Market

/// At which times of a trading day the exchanges take orders and cancels.
enum TradingWindow {
    /// Orders: the opening auction and what follows it, and the afternoon.
    static let orders = [
        TimeOfDay(9, 15)..<TimeOfDay(11, 30), TimeOfDay(13, 0)..<TimeOfDay(15, 0),
    ]
    /// Cancels are not taken while an auction is about to match.
    static let noCancels = [
        TimeOfDay(9, 20)..<TimeOfDay(9, 25), TimeOfDay(14, 57)..<TimeOfDay(15, 0),
    ]

    static func takesOrders(_ time: TimeOfDay) -> Bool { orders.contains { $0.contains(time) } }
    static func takesCancels(_ time: TimeOfDay) -> Bool { !noCancels.contains { $0.contains(time) } }
}
