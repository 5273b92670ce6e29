import Logs
import Market
import Tasks
import Time

/// The log of a task, the same for its supervisor and its workers: the file of `-o`, or the console.
enum TaskLog {
    static func logger(
        _ launch: TaskLaunch, _ settings: SupervisionSettings, console: Int32, clock: any MarketClock
    ) -> Logger {
        let format: LogFormat = launch.logsJSON ? .json : .text
        let sink: LogSink =
            if let out = launch.out {
                .file(FileSink(path: out, format: format, limit: settings.logBytes, kept: settings.logFiles))
            } else {
                .console(ConsoleSink(descriptor: console, format: format))
            }
        let secrets = launch.environment.filter { looksSecret($0.name) }.compactMap(\.value.string)
        return Logger(
            task: launch.name, minimum: launch.debug ? .debug : .info, secrets: SecretFilter(values: secrets),
            sinks: [sink]
        ) { clock.now }
    }
}
