import CSupport
import Logs
import Notation
import Processes
import Time

/// The command that runs a worker, and the descriptors that it finds open. It gets the task's launch as the first
/// line of the control socket.
public enum WorkerDescriptors {
    /// The control socket.
    public static let control: Int32 = 3
    /// The task's lock, inherited, so that the name stays taken as long as the worker lives.
    public static let lock: Int32 = 4
    /// Where the log's console lines go.
    public static let console: Int32 = 5
}

/// A worker process as its supervisor holds it.
final class Worker {
    let pid: Int32
    let identity: String?
    let channel: ControlChannel
    private let output: OutputCollector
    private let errors: OutputCollector

    /// Starts the process in a session of its own and hands it the launch.
    init(
        executable: String, launch: TaskLaunch, environment: [String: String], lock: Int32, loop: EventLoop,
        log: @escaping (LogLevel, String) -> Void, receive: @escaping (WorkerNews) -> Void
    ) throws {
        let sockets = try makeSocketPair()
        let outputPipe = try makePipe()
        let errorPipe = try makePipe()
        defer { for end in [sockets.theirs, outputPipe.writeEnd, errorPipe.writeEnd] { _ = close(end) } }
        do {
            pid = try spawn(
                SpawnRequest(
                    executable: executable, arguments: ["worker", launch.name], environment: environment,
                    descriptors: [
                        (child: 1, parent: outputPipe.writeEnd), (child: 2, parent: errorPipe.writeEnd),
                        (child: WorkerDescriptors.control, parent: sockets.theirs),
                        (child: WorkerDescriptors.lock, parent: lock), (child: WorkerDescriptors.console, parent: 1),
                    ], newSession: true))
        } catch {
            for end in [sockets.ours, outputPipe.readEnd, errorPipe.readEnd] { _ = close(end) }
            throw error
        }
        identity = ProcessIdentity.of(pid)?.description
        output = OutputCollector(descriptor: outputPipe.readEnd, loop: loop) { log(.info, $0) }
        errors = OutputCollector(descriptor: errorPipe.readEnd, loop: loop) { log(.warn, $0) }
        channel = ControlChannel(
            descriptor: sockets.ours, loop: loop,
            receive: { if let news = WorkerNews($0) { receive(news) } }, closed: {})
        channel.send(launch.json)
    }

    /// Takes what the dead worker left in its pipes, and closes them.
    func bury() {
        output.close()
        errors.close()
        channel.drain()
        channel.close()
    }

    /// The last lines of the worker's stderr.
    var lastWords: [String] { errors.lastLines }
}
