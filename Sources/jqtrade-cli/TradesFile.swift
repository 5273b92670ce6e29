import Gates
import Market
import Reports

/// The fills of a run as CSV: the same inputs give the same bytes.
enum TradesFile {
    static func text(_ history: RunHistory) -> String {
        var book = TradeBook(dividends: history.dividends)
        var text = "time,code,side,position,amount,price,fees,profit\n"
        for fill in history.fills {
            let profit = book.take(fill).map { "\($0)" } ?? ""
            text += "\(history.zone.local(fill.time)),\(fill.security.code),\(fill.side.rawValue),\(fill.position),"
            text += "\(fill.amount),\(fill.price),\(fill.fees),\(profit)\n"
        }
        return text
    }
}
