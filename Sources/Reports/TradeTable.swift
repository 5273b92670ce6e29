import Market

/// The fills of a run as a table, the newest first.
struct TradeTable {
    private static let most = 500

    private let history: RunHistory
    /// Decimals that all prices of a security have on their own.
    private let places: [Security: Int]

    init(_ history: RunHistory) {
        self.history = history
        places = Dictionary(grouping: history.fills, by: \.security).mapValues { fills in
            fills.allSatisfy { $0.price.units % 100 == 0 } ? 2 : fills.allSatisfy { $0.price.units % 10 == 0 } ? 3 : 4
        }
    }

    /// The table, or a sentence if nothing was traded.
    var html: String {
        guard !history.fills.isEmpty else {
            return "<section><h2>Trades</h2><p class=\"note\">Nothing was traded.</p></section>\n"
        }
        var book = TradeBook(dividends: history.dividends)
        let rows = history.fills.map { ($0, book.take($0)) }.suffix(Self.most).reversed().map { row($0, $1) }
        return """
            <section><h2>Trades</h2>
            \(note)<div class="wide"><table class="trades"><thead><tr><th>Time</th><th>Security</th><th>Trade</th>\
            <th class="n">Amount</th><th class="n">Price</th><th class="n">Value</th><th class="n">Fees</th>\
            <th class="n">Profit</th></tr></thead>
            <tbody>\(rows.joined())</tbody></table></div></section>

            """
    }

    private var note: String {
        guard history.fills.count > Self.most else { return "" }
        let all =
            history.mode == "backtest"
            ? "<code>run_backtest --trades FILE.csv</code> writes them all." : "<code>get_orders</code> has them all."
        return "<p class=\"note\">The last \(Self.most) of \(grouped(Int64(history.fills.count))) fills; \(all)</p>\n"
    }

    private func row(_ fill: HistoryFill, _ profit: Money?) -> String {
        let gain = profit.map { "<td class=\"n \(tone($0.yuan))\">\(signed(written($0), $0.yuan))</td>" }
        return """
            <tr><td>\(moment(fill.time, history.zone))</td><td>\(escaped(fill.security.code))</td>\
            <td class="\(fill.side == .buy ? "up" : "down")">\(Self.words(fill))</td>\
            <td class="n">\(grouped(fill.amount))</td><td class="n">\(decimal(fill.price.yuan, places: places[fill.security] ?? 2))</td>\
            <td class="n">\(written(fill.value))</td><td class="n">\(written(fill.fees))</td>\(gain ?? "<td></td>")</tr>

            """
    }

    private static func words(_ fill: HistoryFill) -> String {
        switch (fill.side, fill.position) {
        case (.buy, .long): "buy"
        case (.sell, .long): "sell"
        case (.sell, .short): "sell short"
        case (.buy, .short): "buy to cover"
        }
    }
}
