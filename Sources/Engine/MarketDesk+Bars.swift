import JQTrade
import Market
import MarketData

/// The bars of each length that anybody has asked for, and who waits for them.
extension MarketDesk {
    /// Whether the feed's data makes bars of this length; if not, why.
    func problem(with unit: BarUnit) -> String? {
        guard let own = self.unit, unit != own else { return nil }
        guard let minutes = own.minutes, unit.minutes.map({ $0 % minutes == 0 }) ?? true else {
            return "\(feed.summary) gives bars of \(own), and none of \(unit) can be made of them"
        }
        return nil
    }

    /// Why there are no ticks; nil if there are.
    var problemWithTicks: String? { unit.map { "\(feed.summary) gives bars of \($0) and no ticks" } }

    /// True if the feed gives daily bars.
    var isDaily: Bool { unit == .day }

    /// The last bars that have ended, and the one that is growing.
    func bars(
        _ count: Int, _ unit: BarUnit, of number: Int, includingGrowing: Bool, now: Instant
    ) -> (closed: ArraySlice<MarketBar>, growing: MarketBar?) {
        let place = track(unit, of: number, now: now)
        let growing = includingGrowing ? lines[number].growingBar(at: place) : nil
        let security = lines[number].security
        let closed = lines[number].lastBars(count - (growing == nil ? 0 : 1), at: place) { [feed] count, upTo in
            feed.history(security, unit, count: count, upTo: upTo)
        }
        return (closed, growing)
    }

    /// From now on each bar of this length, and with `isPartial` each growing one, is due to the subscription.
    func subscribe(_ subscription: Int, to unit: BarUnit, of number: Int, isPartial: Bool, now: Instant) {
        let place = track(unit, of: number, now: now)
        endRun()
        lines[number].subscribe(subscription, isPartial: isPartial, at: place)
    }

    func subscribeToTicks(_ subscription: Int, of number: Int) { lines[number].subscribeToTicks(subscription) }

    /// The place of the bars of a length among a security's: from now on they are collected.
    private func track(_ unit: BarUnit, of number: Int, now: Instant) -> Int {
        if let place = lines[number].place(of: unit) { return place }
        endRun()
        let teller = BarTeller(code: lines[number].security.code, zone: hours.zone)
        guard unit != self.unit else {
            return lines[number].add(BarTrack(unit, of: teller, since: now, builder: nil))
        }
        var builder = BarBuilder(unit, hours: hours)
        // Begun within a bar, it lacks what came before.
        let today = hours.zone.local(now).day
        let piece = self.unit ?? .minute
        for bar in feed.history(lines[number].security, piece, count: 1440 / (piece.minutes ?? 1440), upTo: now)
        where hours.zone.local(bar.end).day == today { _ = builder.take(bar) }
        let place = lines[number].add(BarTrack(unit, of: teller, since: now, builder: builder))
        noteClose(of: number)
        return place
    }
}
