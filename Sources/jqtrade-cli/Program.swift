import CSupport
import Notation
import Tasks

/// The program: one word names the command, the rest is the command's.
enum Program {
    /// The commands by name; the three that only the program itself calls are not listed.
    private static var commands: [(form: CommandLineForm, run: (Arguments) throws -> ExitCode)] {
        [
            (StartTask.form, StartTask.run), (GetTasks.form, GetTasks.run), (StopTask.form, StopTask.run),
            (GetSchedule.form, GetSchedule.run), (GetCalendar.form, GetCalendar.run),
            (GetOrders.form, GetOrders.run), (GetAccount.form, GetAccount.run),
            (RunBacktest.form, RunBacktest.run), (RecordMarket.form, RecordMarket.run),
            (ResampleBars.form, ResampleBars.run), (BuildStrategy.form, BuildStrategy.run),
            (RunTerminal.form, RunTerminal.run),
        ]
    }

    static func run(_ words: [String]) -> ExitCode {
        openStandardDescriptors()
        guard let word = words.first else {
            Console.complain(Usage.program(commands.map(\.form)) + "\n\njqtrade: a command is missing.")
            return .usage
        }
        switch word {
        case "-h", "--help":
            Console.say(Usage.program(commands.map(\.form)))
            return .done
        case "-V", "--version":
            Console.say("jqtrade \(version)")
            return .done
        case "worker": exit(WorkerCommand.run())
        case "backtest": exit(BacktestCommand.run())
        case "supervisor": return DetachedSupervisor.run()
        default: break
        }
        guard let command = commands.first(where: { $0.form.name == word }) else {
            let known = commands.map(\.form.name).joined(separator: ", ")
            Console.complain(
                "\(Usage.programLine)\njqtrade: \(word) is no command.\(hint(word)) The commands are \(known).")
            return .usage
        }
        let rest = Array(words.dropFirst())
        if rest.prefix(while: { $0 != "--" }).contains(where: { $0 == "-h" || $0 == "--help" }) {
            Console.say(Usage.command(command.form))
            return .done
        }
        do {
            return try command.run(Arguments(rest, for: command.form))
        } catch  where error is UsageError || error is TaskNameError {
            Console.complain(Usage.line(command.form) + "\njqtrade \(word): \(error)")
            return .usage
        } catch let error as TaskNameError {
            Console.complain(Usage.line(command.form) + "\njqtrade \(word): \(error)")
            return .usage
        } catch let failure as Failure {
            Console.complain(failure.isDiagnostics ? "\(failure)" : "jqtrade \(word): \(failure)")
            return failure.code
        } catch {
            Console.complain("jqtrade \(word): \(error)")
            return .failed
        }
    }

    /// A caller may have closed stdin, stdout or stderr: then /dev/null takes the place, lest a file that is opened
    /// later gets the number and is written to.
    private static func openStandardDescriptors() {
        for descriptor: Int32 in 0...2 where cs_fcntl(descriptor, F_GETFD, 0) < 0 {
            _ = cs_open("/dev/null", O_RDWR, 0)
        }
    }

    private static func hint(_ word: String) -> String {
        nearest(to: word, in: commands.map(\.form.name)).map { " Did you mean \($0)?" } ?? ""
    }
}
