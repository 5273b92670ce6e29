import CSupport
import Market
import Processes
import Storage

/// The lines that a command prints, a header and rows of CSV: any program that can print feeds a strategy.
///
/// It is started again when it ends, after a second first, then after twice as long each time, and is killed with all
/// that it started when the feed is closed or its process ends.
public final class CommandFeed: MarketFeed {
    /// What it is, in words.
    public let summary: String
    /// Nothing is known before the command speaks, unless its bars' length was named.
    public var unit: BarUnit? { rows.unit }
    /// It goes on.
    public var span: ClosedRange<Instant>? { nil }
    /// Readable when the command has printed something; the same one for all its starts.
    public var descriptor: Int32? { output.readEnd }

    private enum State {
        case waiting(until: Instant)
        case running(CommandRun, since: Instant)
        case closed
    }

    private let command: String
    private let output: (readEnd: Int32, writeEnd: Int32)
    private var state: State
    private var rows: LiveRows
    private var rest: [UInt8] = []
    private var pause = CommandFeed.shortestPause
    private var isFirst = true
    private var isLineTooLong = false
    private var lastLook = Instant(nanoseconds: 0)

    private static let shortestPause = TimeSpan.seconds(1)
    private static let longestPause = TimeSpan.seconds(60)
    /// Who has run so long is not in trouble.
    private static let settled = TimeSpan.seconds(60)
    /// Its standard error is read, and its end noticed, so often at least.
    private static let pace = TimeSpan.milliseconds(200)
    private static let longestLine = 1 << 20

    /// The feed of a command, which starts when the first security is asked for; of bars of this length, if it is known.
    public init(_ command: String, unit: BarUnit? = nil, desk: FeedDesk) throws(FeedError) {
        do { output = try makePipe() } catch { throw FeedError("exec: \(error)") }
        setNonBlocking(output.readEnd)
        self.command = command
        summary = "exec:\(command)"
        state = .waiting(until: desk.now)
        rows = LiveRows(unit: unit, hours: desk.hours)
    }

    /// Its rows from now on.
    public func add(_ security: Security, as number: Int, now: Instant) { rows.add(security, as: number, now: now) }

    /// When to look again, or when the next row is due.
    public var nextTime: Instant? {
        let look: Instant
        switch state {
        case .waiting(let until): look = until
        case .running: look = lastLook + Self.pace
        case .closed: return nil
        }
        return min(rows.nextTime ?? look, look)
    }

    /// The next new row.
    public func next(upTo now: Instant) -> MarketEvent? {
        if let event = rows.next(upTo: now) { return event }
        look(now)
        return rows.next(upTo: now)
    }

    /// A command does not tell what was before.
    public func history(_ security: Security, _ unit: BarUnit, count: Int, upTo now: Instant) -> [MarketBar] { [] }

    /// What was wrong: its ends, and lines that cannot be read.
    public func takeProblems() -> [String] { rows.takeProblems() }

    /// Kills the command and all that it started.
    public func close() {
        switch state {
        case .running(let run, _):
            run.end()
            run.close()
        case .waiting: break
        case .closed: return
        }
        state = .closed
        CSupport.close(output.readEnd)
        CSupport.close(output.writeEnd)
    }

    private func look(_ now: Instant) {
        lastLook = now
        switch state {
        case .waiting(let until): if now >= until { start(now) }
        case .running(var run, let since):
            // Its last lines are there before its end is.
            let exit = run.exit()
            run.listen()
            read(now)
            state = .running(run, since: since)
            if let exit { ended(run, exit, since: since, now) }
        case .closed: break
        }
    }

    private func start(_ now: Instant) {
        rest = []
        isLineTooLong = false
        do throws(FeedError) {
            state = .running(try CommandRun(command, output: output.writeEnd), since: now)
            rows.begin("exec", mayRepeat: !isFirst)
            isFirst = false
        } catch {
            wait("exec: \(error)", now)
        }
    }

    private func ended(_ run: CommandRun, _ exit: Exit, since: Instant, _ now: Instant) {
        run.close()
        if now - since >= Self.settled { pause = Self.shortestPause }
        let words = run.lastWords.map { ": \"\($0)\"" } ?? ""
        wait("exec: the command ended with \(exit)\(words)", now)
    }

    /// Says what happened, and waits longer each time before the next start.
    private func wait(_ problem: String, _ now: Instant) {
        rows.say("\(problem); it is started again in \(pause)")
        state = .waiting(until: now + pause)
        pause = min(pause + pause, Self.longestPause)
    }

    /// Reads what is there; a flood of it is read in turns with everything else.
    private func read(_ now: Instant) {
        for _ in 0..<16 {
            guard case .bytes(let bytes) = readAvailable(output.readEnd) else { return }
            take(bytes, now)
        }
    }

    private func take(_ bytes: [UInt8], _ now: Instant) {
        rest += bytes
        let taken = forEachLine(in: rest) { range in
            if !isLineTooLong { rows.take(range, of: rest, now: now) }
            isLineTooLong = false
            return true
        }
        rest.removeFirst(taken)
        guard rest.count > Self.longestLine else { return }
        rest = []
        isLineTooLong = true
        rows.note("exec: the command printed a line of more than \(Self.longestLine) bytes: it is left out")
    }
}
