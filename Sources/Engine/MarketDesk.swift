import JQTrade
import Market
import MarketData
import PaperTrading

/// Where a run's market data comes together: one feed, all securities that anybody has asked for, their bars, and the
/// callbacks that are due. What the feed says of one instant is taken in whole before anybody is told of it, so that no
/// callback sees one security's bar without another's, and no order is filled in a bar that its strategy knew.
final class MarketDesk {
    /// What it says of itself is for the log.
    let feed: any MarketFeed
    let hours: MarketHours
    /// The callbacks that are due, in order once `take` has answered true.
    @exclusivity(unchecked) var due: ContiguousArray<DueBar> = []
    /// The exchange that fills orders on paper, if there is one.
    @exclusivity(unchecked) private(set) var exchange: PaperExchange?
    /// Told prices now and then, for a chart.
    @exclusivity(unchecked) var sample: ((Security, Instant, Money) -> Void)?
    /// How far apart these are.
    @exclusivity(unchecked) var sampleEvery = TimeSpan.seconds(3600)

    /// How many ticks and bars the feed has sent.
    @exclusivity(unchecked) var events = 0

    let unit: BarUnit?
    /// How long time waits for late data before it ends a bar by itself.
    private let patience: TimeSpan
    @exclusivity(unchecked) var lines: ContiguousArray<MarketLine> = []
    @exclusivity(unchecked) private var numbers: [String: Int] = [:]
    /// The number that was last asked for: most who ask, ask for the same one again.
    @exclusivity(unchecked) private var lastNumber = 0
    /// What was asked for and is not there, and why.
    @exclusivity(unchecked) private var absent: [String: String] = [:]
    /// An event of a later instant than those being taken.
    @exclusivity(unchecked) private(set) var held: MarketEvent?
    /// No bar is ended by time alone before this.
    @exclusivity(unchecked) private(set) var closesAt = Instant(nanoseconds: .max)
    /// The bars that come next, if they are one security's for one subscription alone: the feed still
    /// stands where they begin.
    @exclusivity(unchecked) var run: DeskRunPlace?

    init(feed: any MarketFeed, hours: MarketHours, patience: TimeSpan) {
        self.feed = feed
        self.hours = hours
        self.patience = patience
        unit = feed.unit
    }

    // MARK: Securities

    /// The number of a security. Asked for the first time, its data begins to come; nil if there is none, and `tell` is
    /// given the reason, once.
    func number(of code: String, now: Instant, tell: (Result<Int, NoData>) -> Void) -> Int? {
        if let number = knownNumber(of: code) { return number }
        if absent[code] != nil { return nil }
        let security = Security(code)
        let number = lines.count
        endRun()
        do { try feed.add(security, as: number, now: now) } catch {
            let problem = NoData(description: "there is no market data of \(code): \(error)")
            absent[code] = problem.description
            tell(.failure(problem))
            return nil
        }
        numbers[code] = number
        let line = MarketLine(security, hours)
        if let bar = feed.history(security, unit ?? .minute, count: 1, upTo: now).last { line.recall(bar) }
        lines.append(line)
        if let exchange { join(number, to: exchange, now: now) }
        tell(.success(number))
        return number
    }

    private func knownNumber(of code: String) -> Int? {
        if lastNumber < lines.count, lines[lastNumber].security.code == code { return lastNumber }
        guard let number = numbers[code] else { return nil }
        lastNumber = number
        return number
    }

    /// A security of which the feed has nothing.
    struct NoData: Error, CustomStringConvertible { let description: String }

    /// Why there is nothing of a security that was asked for; nil if there is.
    func absence(of security: Security) -> String? { absent.isEmpty ? nil : absent[security.code] }

    /// True once anybody has asked for a security.
    var isWatched: Bool { !lines.isEmpty }

    /// From now on this exchange hears all that the feed says.
    func use(_ exchange: PaperExchange, now: Instant) {
        self.exchange = exchange
        exchange.lateness = patience
        exchange.onAction = { [unowned self] in take($0) }
        for number in lines.indices { join(number, to: exchange, now: now) }
    }

    /// Has the exchange hear of a security, whose price may be from before a dividend or a split.
    private func join(_ number: Int, to exchange: PaperExchange, now: Instant) {
        let security = lines[number].security
        lines[number].paperBook = exchange.book(of: security)
        if lines[number].board.last == nil { return }
        exchange.actions(of: security, after: lines[number].board.lastAt, through: now).forEach(take)
    }

    private func take(_ action: CorporateAction) {
        guard let number = numbers[action.security.code], let price = lines[number].board.last else { return }
        lines[number].adjust(to: action.adjusted(price))
    }

    /// The last price of a security, if one is known and, where it matters, young enough.
    func lastPrice(_ security: Security, since: Instant? = nil) -> Money? {
        guard let number = knownNumber(of: security.code), let price = lines[number].board.last else { return nil }
        if let since, lines[number].board.lastAt < since { return nil }
        return price
    }

    func lastPrice(of number: Int) -> Money? { lines[number].board.last }

    func data(of number: Int, at now: Instant) -> CurrentData {
        let limits = lines[number].paperBook.flatMap { exchange?.limits(of: $0.number, on: hours.tradingDay(at: now)) }
        return lines[number].board.data(at: now, hours, limits: limits)
    }

    // MARK: What the feed says

    /// When there is something to do next; nil when nothing more will ever come.
    var nextTime: Instant? {
        if held != nil { return Instant(nanoseconds: .min) }
        guard let next = feed.nextTime else { return closesAt.nanoseconds == .max ? nil : closesAt + patience }
        return closesAt.nanoseconds == .max ? next : min(next, closesAt + patience)
    }

    /// Takes in what the feed says of the next instant that it speaks of, up to now; false if that is nothing.
    func take(upTo now: Instant) -> Bool {
        var moment: Instant?
        while let event = held ?? feed.next(upTo: now) {
            if held != nil { held = nil }
            if let time = event.time {
                if let moment, time > moment {
                    held = event
                    inOrder()
                    return true
                }
                moment = time
            }
            take(event)
        }
        if closesAt + patience <= now, closesAt.nanoseconds != .max { closeBars(at: now) }
        guard moment != nil || !due.isEmpty else { return false }
        inOrder()
        return true
    }

    private func take(_ event: MarketEvent) {
        switch event {
        case .bar(let number, let bar):
            events &+= 1
            guard number < lines.count else { return }
            lines[number].take(bar, &due)
            if let exchange, let book = lines[number].paperBook { exchange.take(bar, unit ?? .minute, of: book) }
            if sample != nil { noteSample(of: lines[number], bar.end, bar.close) }
            if lines[number].hasBuilders { noteClose(of: number) }
        case .tick(let number, let tick):
            events &+= 1
            guard number < lines.count, lines[number].take(tick, &due) else { return }
            if let exchange, let book = lines[number].paperBook { exchange.take(tick, of: book.number) }
            if sample != nil { noteSample(of: lines[number], tick.time, tick.last) }
            noteClose(of: number)
        case .facts(let number, let facts):
            guard number < lines.count else { return }
            lines[number].take(facts)
            if let exchange, let book = lines[number].paperBook { exchange.take(facts, of: book.number) }
        }
    }

    /// How many ticks of which securities were not believed since this was last asked.
    func takeDropped() -> [(security: Security, ticks: [TickFilter.Reason: Int])] {
        lines.indices.compactMap { number in
            let dropped = lines[number].takeDropped()
            return dropped.isEmpty ? nil : (lines[number].security, dropped)
        }
    }

    func noteSample(of line: MarketLine, _ time: Instant, _ price: Money) {
        guard time >= line.nextSample else { return }
        line.nextSample = time + sampleEvery
        sample?(line.security, time, price)
    }

    func noteClose(of number: Int) {
        if let time = lines[number].closesAt, time < closesAt { closesAt = time }
    }

    /// Ends the bars whose time is over though nothing was traded at its end.
    private func closeBars(at now: Instant) {
        closesAt = Instant(nanoseconds: .max)
        for number in lines.indices {
            lines[number].closeBars(at: now - patience, &due)
            noteClose(of: number)
        }
    }

    private func inOrder() {
        guard due.count > 1 else { return }
        for place in 1..<due.count where due[place] < due[place - 1] { return due.sort { $0 < $1 } }
    }
}

extension MarketEvent {
    /// When it happened; the facts of a day have no time of their own.
    var time: Instant? {
        switch self {
        case .facts: nil
        case .tick(_, let tick): tick.time
        case .bar(_, let bar): bar.end
        }
    }
}
