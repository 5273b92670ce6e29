import Logs
import Market
import Tasks
import Time

/// The log of a task, the same for its supervisor and its workers: the file of `-o`, or the console.
struct TaskLog {
    let logger: Logger
    private let console: ConsoleSink?
    private let clock: any MarketClock

    init(_ launch: TaskLaunch, _ settings: SupervisionSettings, console descriptor: Int32, loop: EventLoop) {
        let format: LogFormat = launch.logsJSON ? .json : .text
        let sink: LogSink
        if let out = launch.out {
            console = nil
            sink = .file(FileSink(path: out, format: format, limit: settings.logBytes, kept: settings.logFiles))
        } else {
            let shown = ConsoleSink(descriptor: descriptor, format: format)
            // What the console does not take at once goes out as soon as it does, though nothing more is said.
            shown.whenBacklogged = { [weak shown] in loop.after(.milliseconds(20)) { shown?.drainAgain() } }
            console = shown
            sink = .console(shown)
        }
        let clock = loop.clock
        self.clock = clock
        let secrets = launch.environment.filter { looksSecret($0.name) }.compactMap(\.value.string)
        logger = Logger(
            task: launch.name, minimum: launch.debug ? .debug : .info, secrets: SecretFilter(values: secrets),
            sinks: [sink]
        ) { clock.now }
    }

    /// Before the process ends: gives the console a second to take the last lines.
    func finish() {
        guard let console else { return }
        let deadline = clock.now + .seconds(1)
        while console.hasBacklog, clock.now < deadline {
            var nothing: [Watch] = []
            _ = clock.wait(until: clock.now + .milliseconds(2), watching: &nothing)
            console.drain()
        }
    }
}
