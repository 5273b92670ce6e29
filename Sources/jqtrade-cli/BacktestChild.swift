import CSupport
import Logs
import Notation
import Processes
import Tasks
import Time

/// The process of one run, as the command holds it: a fresh one for each run, since a strategy's globals are its own.
final class BacktestChild {
    /// How a run ended.
    enum Ending: Equatable {
        /// With its figures.
        case result(BacktestResult)
        /// Without: the exit code that the command leaves with, and why.
        case failed(ExitCode, String)
    }

    /// Where the child finds the socket that its request comes through.
    static let socket: Int32 = 3
    /// Where the child's log lines go.
    static let log: Int32 = 4
    /// Where the child finds the command's own output, if the fills go there.
    static let output: Int32 = 5

    let pid: Int32
    private let request: BacktestRequest
    private let channel: ControlChannel
    private let collectors: [OutputCollector]
    private let heard: Heard

    /// What the child has told so far.
    private final class Heard {
        var result: BacktestResult?
        var problem: String?
    }

    /// Starts the process and hands it the request. `show` gets each line that it writes and that the user is to see,
    /// `hear` what it tells while it goes.
    init(
        _ request: BacktestRequest, environment: [String: String], loop: EventLoop, show: @escaping (String) -> Void,
        hear: @escaping (BacktestNews) -> Void
    ) throws {
        let sockets = try makeSocketPair()
        let pipes = try (0..<3).map { _ in try makePipe() }
        defer { for end in [sockets.theirs] + pipes.map(\.writeEnd) { _ = close(end) } }
        let output = request.trades == "-" ? [(child: Self.output, parent: Int32(1))] : []
        do {
            pid = try spawn(
                SpawnRequest(
                    executable: currentExecutable(), arguments: ["backtest", request.launch.name],
                    environment: environment.merging(WorkerCommand.environment) { $1 },
                    descriptors: [
                        (child: 1, parent: pipes[0].writeEnd), (child: 2, parent: pipes[1].writeEnd),
                        (child: Self.socket, parent: sockets.theirs), (child: Self.log, parent: pipes[2].writeEnd),
                    ] + output, newSession: true))
        } catch {
            for end in [sockets.ours] + pipes.map(\.readEnd) { _ = close(end) }
            throw error
        }
        self.request = request
        // What a strategy prints counts as INFO, what comes out of stderr as WARN.
        let levels: [LogLevel] = [.info, .warn, .debug]
        collectors = zip(pipes, levels).map { pipe, level in
            let isShown = request.log.map { $0 <= level || level == .debug } ?? false
            return OutputCollector(descriptor: pipe.readEnd, loop: loop) { if isShown { show($0) } }
        }
        let heard = Heard()
        self.heard = heard
        channel = ControlChannel(
            descriptor: sockets.ours, loop: loop,
            receive: { line in
                switch BacktestNews(line) {
                case .note(let text): show(text)
                case .result(let result): heard.result = result
                case .problem(let text): heard.problem = text
                case let news?: hear(news)
                case nil: break
                }
            }, closed: {})
        channel.send(request.json)
    }

    /// Asks it to end with the results so far.
    func stop() { _ = CSupport.kill(pid, SIGTERM) }
    /// Ends it and all that it has started.
    func kill() {
        killDescendants(of: pid)
        killGroup(pid)
    }

    /// Takes what the dead process has left, and says how it ended.
    func bury(_ exit: Exit) -> Ending {
        for collector in collectors { collector.close() }
        channel.drain()
        channel.close()
        if let problem = heard.problem {
            guard case .code(let code) = exit else { return .failed(.failed, problem) }
            return .failed(ExitCode(rawValue: code) ?? .failed, problem)
        }
        if let result = heard.result, exit == .code(0) { return .result(result) }
        let report = CrashReport(exit: exit, lastLines: collectors[1].lastLines, code: request.launch.code)
        let place = report.place.map { " at \($0)" } ?? ""
        return .failed(.failed, "the run ended with \(exit)\(place)")
    }
}
