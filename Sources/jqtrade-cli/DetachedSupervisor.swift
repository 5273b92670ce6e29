import CSupport
import Notation
import Processes
import Storage
import Tasks
import Time

/// `--detach`: the supervisor runs in a session of its own, and the command returns when the task is READY or will
/// not be. The launch goes through a pipe, and the answer comes back through another.
enum DetachedSupervisor {
    private static let launchDescriptor: Int32 = 3
    private static let lockDescriptor: Int32 = 4
    private static let answerDescriptor: Int32 = 5

    /// Starts the supervisor and waits for its answer. The lock lives on in the supervisor.
    static func start(_ launch: TaskLaunch, lock: FileLock) throws -> ExitCode {
        let request = try makePipe()
        let answer = try makePipe()
        let nowhere = cs_open("/dev/null", O_RDWR | O_CLOEXEC, 0)
        _ = try spawn(
            SpawnRequest(
                executable: currentExecutable(), arguments: ["supervisor", launch.name],
                environment: try Surroundings.find().environment,
                descriptors: [
                    (child: 1, parent: nowhere), (child: 2, parent: nowhere),
                    (child: launchDescriptor, parent: request.readEnd),
                    (child: lockDescriptor, parent: lock.descriptor),
                    (child: answerDescriptor, parent: answer.writeEnd),
                ], newSession: true))
        for end in [request.readEnd, answer.writeEnd, nowhere] { _ = close(end) }
        var line: [UInt8] = []
        launch.json.append(to: &line)
        _ = writeAvailable(request.writeEnd, line)
        _ = close(request.writeEnd)
        return try report(readAll(answer.readEnd), launch)
    }

    private static func report(_ answer: [UInt8], _ launch: TaskLaunch) throws -> ExitCode {
        guard let json = try? JSON(parsing: answer), let code = json["code"]?.int else {
            throw Failure(.failed, "the supervisor ended before the task was READY; see the log \(launch.out ?? "")")
        }
        guard code == 0, let pid = json["pid"]?.int else {
            let exit = ExitCode(rawValue: Int32(truncatingIfNeeded: code)) ?? .failed
            throw Failure(
                exit, "\(json["reason"]?.string ?? "the task did not start")\nThe log is in \(launch.out ?? "")")
        }
        Console.say("started \(launch.name) (pid \(pid)); the log goes to \(launch.out ?? "")")
        return .done
    }

    /// The hidden command `supervisor`.
    static func run() -> ExitCode {
        do {
            guard let json = try? JSON(parsing: readAll(launchDescriptor)), let launch = TaskLaunch(json) else {
                throw Failure(.usage, "only start_task --detach starts this.")
            }
            _ = cs_set_close_on_exec(answerDescriptor, true)
            let surroundings = try Surroundings.find()
            let path = surroundings.home.tasksFolder + "/\(launch.name)/lock"
            let lock = try FileLock.adopt(descriptor: lockDescriptor, path: path)
            try lock.write(note: ProcessIdentity.current.description)
            let settings = try StartTask.supervisionSettings(launch, home: surroundings.home)
            var answered = false
            return try StartTask.supervise(
                launch, settings, lock: lockDescriptor, in: surroundings, clock: SystemClock()
            ) { announcement in
                if !answered { answer(announcement) }
                answered = true
            }
        } catch let failure as Failure {
            Console.complain("jqtrade supervisor: \(failure)")
            return failure.code
        } catch {
            Console.complain("jqtrade supervisor: \(error)")
            return .failed
        }
    }

    /// Everything up to the other side's end.
    private static func readAll(_ descriptor: Int32) -> [UInt8] {
        var all: [UInt8] = []
        while case .bytes(let bytes) = readAvailable(descriptor) { all += bytes }
        _ = close(descriptor)
        return all
    }

    /// Tells the waiting `start_task`. It waits for the end of the answer: at READY that comes now; for a task that
    /// will not be READY it comes with the end of this process, so that the name is free when the command returns.
    private static func answer(_ announcement: Supervisor.Announcement) {
        let json: JSON =
            switch announcement {
            case .ready(let pid): ["code": 0, "pid": .integer(Int64(pid))]
            case .failed(let code, let reason): ["code": .integer(Int64(code.rawValue)), "reason": .text(reason)]
            }
        var line: [UInt8] = []
        json.append(to: &line)
        _ = writeAvailable(answerDescriptor, line)
        if case .ready = announcement { _ = close(answerDescriptor) }
    }
}
