import CSupport
import Engine
import JQTrade
import Logs
import Market
import Notation
import Processes
import StrategyLoading
import Tasks
import Time

/// The hidden command `backtest`: what `run_backtest` starts for each run. It gets its request through a socket, runs the
/// strategy in virtual time, writes the files that were asked for, and tells the figures.
enum BacktestCommand {
    static func run() -> Int32 {
        var facts = stat()
        guard fstat(BacktestChild.socket, &facts) == 0, cs_is_socket(&facts),
            let line = firstLine(of: BacktestChild.socket), let request = BacktestRequest(line)
        else {
            Console.complain("jqtrade backtest: only run_backtest starts this. Use: jqtrade run_backtest -c CODE")
            return ExitCode.usage.rawValue
        }
        let output = request.trades == "-" ? [BacktestChild.output] : []
        for descriptor in [BacktestChild.socket, BacktestChild.log] + output {
            _ = cs_set_close_on_exec(descriptor, true)
        }
        cs_print_by_lines()
        do {
            let signals = try SignalPipe([SIGTERM, SIGPIPE])
            tell(.result(try BacktestRun(request, signals).run()))
            return ExitCode.done.rawValue
        } catch let failure as Failure {
            tell(.problem(failure.description))
            return failure.code.rawValue
        } catch {
            tell(.problem("\(error)"))
            return ExitCode.failed.rawValue
        }
    }

    /// False once nobody listens any more.
    @discardableResult
    static func tell(_ news: BacktestNews) -> Bool {
        var line: [UInt8] = []
        news.json.append(to: &line)
        line.append(UInt8(ascii: "\n"))
        if case .wrote = writeAvailable(BacktestChild.socket, line) { return true }
        return false
    }

    private static func firstLine(of descriptor: Int32) -> JSON? {
        var line: [UInt8] = []
        while !line.contains(UInt8(ascii: "\n")) {
            guard case .bytes(let bytes) = readAvailable(descriptor) else { return nil }
            line += bytes
        }
        return try? JSON(parsing: line)
    }
}
