import Gates
import Market
import Reports

/// Yuan as they are written in a test.
func yuan(_ value: Double) -> Money { Money(value) ?? .zero }

/// 15:00 in Shanghai, so many days after Tuesday 2024-01-02.
func close(_ day: Int) -> Instant { MarketZone.shanghai.instant(firstDay + day, TimeOfDay(15, 0)) }

let firstDay = Day(number: 19_724)

/// A run whose account was worth this at the end of each day.
func history(start: Double, _ closes: [Double]) -> RunHistory {
    var history = RunHistory(title: "demo", mode: "backtest", start: yuan(start))
    history.points = closes.enumerated().map { day, value in
        EquityPoint(time: close(day), day: firstDay + day, equity: yuan(value), cash: yuan(value / 2))
    }
    return history
}

/// A fill at the close of a day.
func fill(
    _ day: Int, _ side: TradeSide, _ amount: Int64, at price: Double, fees: Double = 0,
    position: PositionSide = .long, code: String = "000001.XSHE", multiplier: Int64 = 1, held: Int64? = nil
) -> HistoryFill {
    HistoryFill(
        time: close(day), security: Security(code), side: side, position: position, amount: amount, price: yuan(price),
        multiplier: multiplier, fees: yuan(fees), held: held)
}
