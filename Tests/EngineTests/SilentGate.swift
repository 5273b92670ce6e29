import Gates

/// A gate to a broker that takes every order and tells nothing of it.
final class SilentGate: TradeGate {
    let optionNames: [String] = []
    let hasAccountSide = false
    func setup(_ desk: GateDesk) throws {}
    func submit(_ tickets: [OrderTicket]) -> [Submission] { tickets.map { _ in .sent } }
    func cancel(_ ids: [OrderID]) -> [Submission] { ids.map { _ in .sent } }
    func account() -> AccountSnapshot? { nil }
    func updates() -> [OrderUpdate] { [] }
    func find(_ tickets: [OrderTicket]) -> [Presence] { tickets.map { _ in .found } }
}
