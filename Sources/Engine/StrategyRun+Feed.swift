import JQTrade
import Logs
import Market
import PaperTrading
import Time

/// The market's news as it comes: taken in one instant after the other, told to the strategy in order.
extension StrategyRun {
    /// Sets the timer of what the market says next.
    func armMarket() {
        if let marketTimer { loop.cancel(marketTimer) }
        marketTimer = nil
        guard phase == .running, !stopIsAsked else { return }
        if desk?.nextTime == nil { endOfFeed() }
        if let next = nextNews { marketTimer = loop.at(next, rank: LoopRank.market, whenMarketSpeaks) }
    }

    /// When the feed has something to say, or the paper exchange something to do by time alone: auctions, the settlement.
    private var nextNews: Instant? {
        guard let feed = desk?.nextTime else { return exchange?.nextChange }
        return exchange.map { min(feed, $0.nextChange) } ?? feed
    }

    /// Ends the feed.
    func leaveMarket() {
        if let feedWatch { loop.unwatch(feedWatch) }
        feedWatch = nil
        desk?.endRun()
        desk?.feed.close()
    }

    private func endOfFeed() {
        guard !feedHasEnded, desk?.isWatched == true else { return }
        feedHasEnded = true
        observer.feedEnded?()
    }

    /// Takes in what has come. In virtual time it goes on by itself from one instant to the next while nothing else is due,
    /// so that a bar costs no timer.
    func hearMarket() {
        marketTimer = nil
        guard phase == .running else { return }
        let since = loop.clock.now
        busySince = busySince ?? since
        let (desk, exchange) = (desk, exchange)
        repeat {
            let now = loop.clock.now
            while let desk, desk.take(upTo: now) {
                tellMarket(desk)
                if stopIsAsked { return stop() }
            }
            if let exchange, exchange.nextChange <= now { passTime(of: exchange, now) }
            if let desk, loop.clock.isVirtual {
                guard hearRun(desk) else { break }
                if stopIsAsked { return stop() }
            }
            guard let next = nextNews, loop.moveOn(to: next, rank: LoopRank.market) else { break }
        } while true
        busySince = nil
        heldUp = (since, loop.clock.now)
        for problem in desk?.feed.takeProblems() ?? [] { logger.warn("market data: \(problem)") }
        armMarket()
    }

    /// Lets the exchange do what is due by time alone.
    private func passTime(of exchange: PaperExchange, _ now: Instant) {
        exchange.advance(to: now)
        passTimeOfAccount(now)
        if mayHaveNews { tellNews() }
    }

    /// Goes through the bars that one subscription alone waits for, one instant after the other, until something else is
    /// to be done; false if that is the loop's.
    private func hearRun(_ desk: MarketDesk) -> Bool {
        guard let run = desk.beginRun() else { return true }
        defer { desk.endRun() }
        let (handler, exchange) = (handlers[run.subscription], exchange)
        let pause = if let pause = observer.betweenActivities { pause } else { {} }
        // One bar for all, which becomes the next each time: a new one would cost as much as all else.
        var told = run.track.teller.bar(run.first, isClosed: true)
        // What the strategy asks for within a callback may end the run.
        while let bar = desk.run?.next {
            if let exchange, exchange.nextChange < bar.end {
                guard loop.moveOn(to: exchange.nextChange, rank: LoopRank.market) else { return false }
                passTime(of: exchange, loop.clock.now)
                if stopIsAsked { return true }
                continue
            }
            guard loop.moveOn(to: bar.end, rank: LoopRank.market) else { return false }
            // Some time before it is handed on: what has just been written is slow to read in other pieces.
            told.goOn(to: bar, offset: run.track.teller.offset(at: bar.end))
            desk.takeNext(bar, of: run)
            if mayHaveNews { tellNews() }
            call(run.subscription, handler, told)
            // To look with each bar would cost a part of the bar; a slow strategy is left soon all the same.
            if desk.events & 3 == 0 { pause() }
            if stateFile != nil { saveState() }
            if stopIsAsked { return true }
        }
        return true
    }

    private func tellMarket(_ desk: MarketDesk) {
        if mayHaveNews { tellNews() }
        for place in desk.due.indices {
            let subscription = desk.due[place].subscription
            // The handler alone: a copy of the whole subscription would cost more than all else here.
            call(subscription, handlers[subscription], desk.due[place].bar)
            observer.betweenActivities?()
            if stopIsAsked { break }
        }
        desk.due.removeAll(keepingCapacity: true)
        if stateFile != nil { saveState() }
    }

    @inline(__always)
    private func call(_ place: Int, _ handler: BarHandler, _ bar: Bar) {
        var failure: (any Error)?
        activity("bar \(subscriptions[place].words)") {
            do { try handler.call(bar) } catch { failure = error }
        }
        if let failure { callFailed(subscriptions[place], bar, failure) }
        if mayHaveNews { tellNews() }
    }

    private func callFailed(_ subscription: Subscription, _ bar: Bar, _ error: any Error) {
        let at = bar.datetime
        countError(
            "\(subscription.site): the callback of \(subscription.words) failed at \(at.day) \(at.time):"
                + " \(describe(error))")
        if options.stopsOnJobError {
            end(.failed("the callback of \(subscription.words) failed, and on_job_error is \"stop\""))
        }
    }
}
