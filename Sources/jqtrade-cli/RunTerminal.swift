import CSupport
import Engine
import FileOrders
import Market
import MarketData
import Processes
import Storage
import Tasks
import Time

/// `run_terminal`: a broker's terminal that is none, to rehearse with before real money.
enum RunTerminal {
    static let form = CommandLineForm(
        name: "run_terminal", summary: "simulate a broker's terminal at an order folder, to rehearse with",
        options: [
            .init(long: "dir", value: "DIR", help: "the order folder, never that of a real terminal"),
            .init(long: "account", value: "NO", help: "the account's number: orders of others are left alone"),
            .init(long: "format", value: "onequant|cats", help: "the format of the folder's files (default onequant)"),
            .init(long: "cash", value: "YUAN", help: "the account's cash (default 1000000)"),
            .init(
                long: "positions", value: "FILE.csv", help: "what it holds: code,amount[,available[,cost[,last]]]"),
            .init(
                long: "market-data", value: "FEED",
                help: "whose prices fill orders (default random:seed=7),\nor \"limit\": each at its limit, at any hour"),
            .init(long: "encoding", value: "GBK|UTF-8", help: "how Chinese is written (default GBK)"),
            .init(long: "faults", value: "NAME=P,…", help: "what goes wrong, each with its probability"),
            .init(long: "every-day", help: "trade on weekends and holidays too, to rehearse on them"),
            .init(long: "seed", value: "N", help: "the same seed, the same faults (default: another each time)"),
            .init(
                long: "ledger", value: "FILE",
                help: "write down what it does, and go on from there when\nit is started again"),
        ],
        notes: """
            Orders are filled as the market goes, under the rules of the exchanges, with your changes to them: rules.json and
            actions.csv in JQTRADE_HOME. With --market-data limit there is none:
            they are filled at their limit; without one, at the last price of FILE.csv or one that the code decides.

            faults:
            """ + TerminalFaults.Fault.allCases.map { "\n  \(padded($0.rawValue, 12))\($0.meaning)" }.joined())

    static func run(_ arguments: Arguments) throws -> ExitCode {
        let surroundings = try Surroundings.find()
        let clock = SystemClock()
        let settings = try settings(arguments, surroundings, clock.now)
        let (lock, claim) = try occupy(settings, surroundings.disk, clock.now)
        let ledgerPath = arguments.value("ledger").map(surroundings.absolute)
        let ledger =
            try ledgerPath.map { try TerminalLedger(path: $0, store: surroundings.disk, for: .init(settings)) }
            ?? TerminalLedger()
        let feed = try feed(arguments, surroundings, settings.hours, clock.now)
        let terminal = BrokerTerminal(settings, store: surroundings.disk, ledger: ledger, feed: feed, claim: claim)
        let signals = try SignalPipe([SIGINT, SIGTERM, SIGHUP, SIGPIPE])
        let loop = EventLoop(clock: clock)
        terminal.onNews = { Console.say("\(settings.hours.zone.local(clock.now).time) \($0)") }
        Console.say(
            "simulated \(settings.format.title) terminal of account \(settings.account) at \(settings.folder), "
                + "seed \(settings.seed); Ctrl-C ends it")
        Console.say(feed.map { "market data: \($0.summary)" } ?? "no market: orders are filled at their limit")
        if ledgerPath == nil {
            Console.say("without --ledger it takes all orders of the day anew when it is started again")
        }
        let watch = loop.watch(signals.descriptor, .read) { if signals.next() != nil { loop.stop() } }
        terminal.work(on: loop) { Console.complain("jqtrade run_terminal: \($0); it goes on trying") }
        loop.run()
        loop.unwatch(watch)
        feed?.close()
        Console.say(terminal.summary)
        if let ledgerPath { Console.say("the ledger is \(ledgerPath)") }
        lock.release()
        return .done
    }

    private static func settings(
        _ arguments: Arguments, _ surroundings: Surroundings, _ now: Instant
    ) throws -> TerminalSettings {
        let folder = surroundings.absolute(try arguments.required("dir", form))
        let account = try arguments.required("account", form)
        guard !account.isEmpty, account.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x2C && $0 != 0x22 }) else {
            throw UsageError("--account asks for a number like 8890123456, not \"\(account)\".")
        }
        guard try surroundings.disk.identity(of: folder)?.isFolder == true else {
            throw Failure(.failed, "there is no folder \(folder): make it first, mkdir -p '\(folder)'")
        }
        let formats = [OrderFileFormat.oneQuant, .cats]
        let name = try arguments.word("format", of: formats.map(\.name), default: OrderFileFormat.oneQuant.name)
        guard let format = formats.first(where: { $0.name == name }),
            let encoding = TextEncoding(name: arguments.value("encoding") ?? "GBK")
        else { throw UsageError("--encoding is GBK or UTF-8, not \"\(arguments.value("encoding") ?? "")\".") }
        let opening = try TerminalAccount(
            cash: cash(arguments.value("cash")), holdings: holdings(arguments, format, surroundings))
        var settings = TerminalSettings(format: format, folder: folder, account: account, opening: opening)
        settings.encoding = encoding
        if arguments.has("every-day") { settings.hours = MarketHours(calendar: .everyDay) }
        settings.seed = try seed(arguments.value("seed"), now)
        // What holds on paper holds in the rehearsal.
        let files = PaperFiles(rules: surroundings.home.rulesFile, actions: surroundings.home.actionsFile)
        settings.ruleBook = try files.ruleBook(in: surroundings.disk)
        settings.actions = try files.corporateActions(in: surroundings.disk)
        do {
            if let text = arguments.value("faults") { settings.faults = try TerminalFaults(text) }
        } catch {
            throw UsageError("--faults: \(error)")
        }
        return settings
    }

    /// The market behind the terminal; nil if orders are to be filled without one.
    private static func feed(
        _ arguments: Arguments, _ surroundings: Surroundings, _ hours: MarketHours, _ now: Instant
    ) throws -> (any MarketFeed)? {
        let name = arguments.value("market-data") ?? "random:seed=7"
        if name == "limit" { return nil }
        do {
            return try FeedSpec(name).makeFeed(
                FeedDesk(
                    hours: hours, disk: surroundings.disk, absolutePath: surroundings.absolute, now: now, span: nil,
                    isVirtual: false))
        } catch {
            throw Failure(.failed, "\(error)")
        }
    }

    private static func cash(_ text: String?) throws -> Money {
        guard let text else { return Money(units: 10_000_000_000) }
        guard let cash = DecimalNumber(Array(text.utf8)[...])?.money, cash >= .zero, cash.yuan <= 1e12 else {
            throw UsageError("--cash asks for yuan from 0 to 1000000000000, not \"\(text)\".")
        }
        return cash
    }

    private static func seed(_ text: String?, _ now: Instant) throws -> UInt64 {
        guard let text else { return UInt64(now.nanoseconds.magnitude % 1_000_000_000) }
        guard let seed = UInt64(text) else { throw UsageError("--seed asks for a whole number, not \"\(text)\".") }
        return seed
    }

    private static func holdings(
        _ arguments: Arguments, _ format: OrderFileFormat, _ surroundings: Surroundings
    ) throws -> [Security: TerminalAccount.Holding] {
        guard let name = arguments.value("positions") else { return [:] }
        let path = surroundings.absolute(name)
        guard let bytes = try surroundings.disk.readFile(path) else {
            throw Failure(.failed, "there is no file \(path).")
        }
        return try TerminalAccount.holdings(csv: bytes, path: path, format: format)
    }

    /// One terminal at a time works at a folder, and a simulated one never where a real one may be at work.
    private static func occupy(
        _ settings: TerminalSettings, _ disk: SystemDisk, _ now: Instant
    ) throws -> (lock: FileLock, claim: TerminalClaim) {
        let claim = try TerminalClaim(settings, store: disk, on: settings.hours.tradingDay(at: now))
        if let objection = try claim.objection() { throw Failure(.failed, objection) }
        guard let lock = try FileLock.tryLock("\(settings.folder)/\(TerminalClaim.fileName)") else {
            throw Failure(.failed, "another simulated terminal is at work in \(settings.folder). Name another folder.")
        }
        claim.keep = { note throws(DiskError) in try lock.write(note: note) }
        return (lock, claim)
    }
}
