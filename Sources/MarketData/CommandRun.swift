import CSupport
import Processes

/// A command that runs: it and all that it starts ends with us.
struct CommandRun {
    /// Leads a group of its own.
    let pid: Int32
    private let errors: Int32
    /// Closed by our end, however sudden that is.
    private let lifeline: Int32
    private var said: [UInt8] = []

    /// A watcher in the command's group waits for the lifeline's end and kills the group: nothing is left behind, not
    /// even if this process is killed.
    private static let script =
        "(read -r line <&3; kill -9 0) </dev/null >/dev/null 2>&1 & exec 3<&-; exec /bin/sh -c \"$1\""
    private static let mostRemembered = 4096

    /// Starts a command of the shell, which prints into this pipe; throws the sentence to be shown.
    init(_ command: String, output: Int32) throws(FeedError) {
        var open: [Int32] = []
        func pipe() throws(FeedError) -> (readEnd: Int32, writeEnd: Int32) {
            do throws(SystemError) {
                let ends = try makePipe()
                open += [ends.readEnd, ends.writeEnd]
                return ends
            } catch {
                throw FeedError("\(error)")
            }
        }
        do throws(FeedError) {
            let (errors, life) = (try pipe(), try pipe())
            let request = SpawnRequest(
                executable: "/bin/sh", arguments: ["-c", Self.script, "sh", command],
                environment: currentEnvironment(),
                descriptors: [
                    (child: 1, parent: output), (child: 2, parent: errors.writeEnd),
                    (child: 3, parent: life.readEnd),
                ], newSession: true)
            do throws(SpawnError) { pid = try spawn(request) } catch { throw FeedError("\(error)") }
            for theirs in [errors.writeEnd, life.readEnd] { CSupport.close(theirs) }
            (self.errors, lifeline) = (errors.readEnd, life.writeEnd)
        } catch {
            for descriptor in open { CSupport.close(descriptor) }
            throw error
        }
        setNonBlocking(errors)
    }

    /// The last line that it wrote to its standard error; nil if there is none.
    var lastWords: String? {
        let lines = said.split(separator: UInt8(ascii: "\n"))
        return lines.last.map { String(decoding: $0, as: UTF8.self) }
    }

    /// Reads away what it writes to its standard error, so that it never has to wait.
    mutating func listen() {
        for _ in 0..<64 {
            guard case .bytes(let bytes) = readAvailable(errors) else { return }
            said = Array((said + bytes).suffix(Self.mostRemembered))
        }
    }

    /// How it ended, once; what it left behind is killed. Nil while it runs.
    func exit() -> Exit? {
        guard let exit = reap(pid) else { return nil }
        killGroup(pid)
        return exit
    }

    /// Kills it and all that it started.
    func end() { endGroup(pid) }

    /// Gives its descriptors back.
    func close() { for descriptor in [errors, lifeline] { CSupport.close(descriptor) } }
}
