import Market
import Notation

/// A feed by name, as users write it: `random:seed=7`, `csv:bars.csv`, `follow:ticks.csv`, `exec:python3 quotes.py`.
public struct FeedSpec: Hashable, Sendable {
    /// As it was written.
    public let text: String
    /// The length of the bars, if `,unit=1m` names it.
    public let unit: BarUnit?
    let kind: Kind

    enum Kind: Hashable, Sendable {
        case random(RandomMarket)
        case csv(path: String)
        case follow(path: String)
        case exec(command: String)
    }

    /// Reads the name of a feed and what follows it.
    public init(_ text: String) throws(FeedError) {
        self.text = text
        let name = text.prefix { $0 != ":" }
        var rest = String(text.dropFirst(name.count + 1))
        unit = name == "random" ? nil : try Self.takeUnit(from: &rest, in: text)
        switch name {
        case "random": kind = .random(try RandomMarket(options: rest))
        case "csv": kind = .csv(path: try Self.named(rest, "csv:PATH", "a file or a folder"))
        case "follow": kind = .follow(path: try Self.named(rest, "follow:PATH", "a file or a folder"))
        case "exec": kind = .exec(command: try Self.named(rest, "exec:COMMAND", "a command"))
        default:
            let meant = nearest(to: String(name), in: ["random", "csv", "follow", "exec"])
            throw FeedError(
                "market_data \"\(text)\": there is no feed \"\(name)\""
                    + (meant.map { ", did you mean \"\($0)\"? Known" } ?? ": known")
                    + " are random:seed=7, csv:PATH, follow:PATH and exec:COMMAND")
        }
    }

    /// True for a market that nobody trades at.
    public var isRandom: Bool { if case .random = kind { true } else { false } }

    /// The feed itself.
    public func makeFeed(_ desk: FeedDesk) throws(FeedError) -> any MarketFeed {
        switch kind {
        case .random(let market): return try RandomFeed(market, desk: desk)
        case .csv(let path):
            do {
                return try CSVFeed(
                    path: desk.absolutePath(path), disk: desk.disk, hours: desk.hours, span: desk.span, unit: unit)
            } catch {
                throw FeedError("\(error)")
            }
        case .follow(let path):
            if desk.isVirtual { throw hasNoPast }
            return FollowFeed(path: path, unit: unit, desk: desk)
        case .exec(let command):
            if desk.isVirtual { throw hasNoPast }
            return try CommandFeed(command, unit: unit, desk: desk)
        }
    }

    private var hasNoPast: FeedError {
        FeedError("market_data \"\(text)\": a backtest needs data of the past: use csv:PATH or random:")
    }

    /// The file or folder of `csv:`; nil for another feed.
    public var csvPath: String? { if case .csv(let path) = kind { path } else { nil } }

    /// Takes `,unit=1m` off the end, where it can be nothing else.
    private static func takeUnit(from rest: inout String, in text: String) throws(FeedError) -> BarUnit? {
        let mark = ",unit="
        let word = rest.reversed().prefix { $0.isLetter || $0.isNumber }.count
        let start = rest.dropLast(word)
        guard start.hasSuffix(mark) else { return nil }
        let name = String(rest.suffix(word))
        guard let unit = BarUnit(rawValue: name) else {
            let known = BarUnit.allCases.map(\.rawValue).joined(separator: ", ")
            throw FeedError("market_data \"\(text)\": there are no bars of unit=\(name): they are of \(known)")
        }
        rest = String(start.dropLast(mark.count))
        return unit
    }

    private static func named(_ rest: String, _ form: String, _ what: String) throws(FeedError) -> String {
        if rest.isEmpty {
            throw FeedError("market_data \"\(form.prefix { $0 != ":" }):\" lacks \(what): write \(form)")
        }
        return rest
    }
}
