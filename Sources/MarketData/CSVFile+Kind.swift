import Market

/// What a file holds, as far as its rows tell or somebody has named it.
extension CSVFile {
    /// True if no code has two bars, so that nothing tells how long they are.
    var hasSingleBars: Bool {
        header.hasBars && !hasDates && series.allSatisfy { $0.shortest == nil } && series.contains { $0.bars.count > 0 }
    }

    /// What the rows are, bars of the length that was named or else of the one that their times tell; nil if there are none.
    func kind(named: BarUnit?) throws(CSVError) -> Kind? {
        guard series.contains(where: { $0.bars.count + $0.ticks.count > 0 }) else { return nil }
        let shortest = series.compactMap(\.shortest).min()
        let apart = shortest.map {
            $0.nanoseconds % 60_000_000_000 == 0 ? "\($0.nanoseconds / 60_000_000_000) minutes" : "\($0)"
        }
        if let named {
            guard header.hasBars else { throw CSVError(reader.file, "its rows are ticks: leave ,unit=\(named) out") }
            if hasDates, named != .day { throw CSVError(reader.file, "its bars are of days: leave ,unit=\(named) out") }
            // The last bar of a session may be shorter, but not by much.
            if let shortest, let apart, shortest + shortest < named.shortestApart {
                throw CSVError(reader.file, "its bars are \(apart) apart, closer than bars of ,unit=\(named) can be")
            }
            return .bars(named)
        }
        guard header.hasBars else { return .ticks }
        if hasDates { return .bars(.day) }
        guard let shortest, let apart else {
            throw CSVError(
                reader.file, "one bar does not tell how long it is: add the next one, or say it: csv:PATH,unit=1m")
        }
        if let unit = BarUnit(apart: shortest) { return .bars(unit) }
        throw CSVError(
            reader.file,
            "its bars are \(apart) apart, and bars are of 1, 5, 15, 30 or 60 minutes, or of a day: where some are missing, say how long they are: csv:PATH,unit=1m"
        )
    }
}

extension BarUnit {
    /// No two whole bars of this length are closer.
    fileprivate var shortestApart: TimeSpan { minutes.map { .seconds(Int64($0) * 60) } ?? .seconds(20 * 3600) }

    /// The unit of bars that are so far apart: nights and breaks between sessions are longer than a bar, days are not.
    public init?(apart distance: TimeSpan) {
        if distance >= .seconds(20 * 3600) {
            self = .day
            return
        }
        guard let unit = BarUnit.allCases.first(where: { $0.minutes.map { .seconds(Int64($0) * 60) } == distance })
        else {
            return nil
        }
        self = unit
    }
}
