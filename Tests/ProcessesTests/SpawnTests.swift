import CSupport
import XCTest

@testable import Processes

/// What a program that we start finds: its signals, its session, its descriptors, its environment.
final class SpawnTests: XCTestCase {
    func testSignalsAreDefaultAndUnblockedWhateverTheyAreHere() throws {
        try skipWithoutProc()
        var blocked = sigset_t()
        var before = sigset_t()
        sigemptyset(&blocked)
        sigaddset(&blocked, SIGTERM)
        sigaddset(&blocked, SIGINT)
        pthread_sigmask(SIG_BLOCK, &blocked, &before)
        let handler = signal(SIGUSR1, SIG_IGN)
        defer {
            signal(SIGUSR1, handler)
            pthread_sigmask(SIG_SETMASK, &before, nil)
        }
        let status = try outcome("/bin/cat", "/proc/self/status").text
        for name in ["SigBlk", "SigIgn", "SigCgt"] {
            let line = try XCTUnwrap(status.split(separator: "\n").first { $0.hasPrefix(name) })
            let signals = try XCTUnwrap(UInt64(line.suffix(16), radix: 16))
            // 32 and 33 are the C library's own: it leaves them ignored.
            XCTAssertEqual(signals & ~0x1_8000_0000, 0, "\(line)")
        }
    }

    func testANewSessionIsLedByTheProgram() throws {
        try skipWithoutProc()
        for newSession in [true, false] {
            let script = try Script("cat /proc/$$/stat", newSession: newSession)
            let fields = try XCTUnwrap(script.line()).split(separator: " ")
            XCTAssertEqual(fields[4], newSession ? "\(script.pid)" : "\(getpgrp())", "its group")
            XCTAssertEqual(fields[5], newSession ? "\(script.pid)" : "\(getsid(0))", "its session")
            XCTAssertEqual(waitForEnd(of: script.pid), .code(0))
        }
    }

    func testOnlyTheDescriptorsNamedAreInherited() throws {
        try skipWithoutProc()
        let (readEnd, writeEnd) = try makePipe()
        let (output, theirOutput) = try makePipe()
        // One that is not marked to be closed on exec, as a careless library leaves it, above and below those named.
        let leaks = [dup(readEnd), cs_fcntl(readEnd, F_DUPFD, 40)]
        defer { for end in [readEnd, writeEnd, output] + leaks { close(end) } }
        let pid = try spawn(
            SpawnRequest(
                executable: "/bin/ls", arguments: ["-l", "/proc/self/fd"],
                descriptors: [(1, theirOutput), (30, readEnd), (35, writeEnd)]))
        close(theirOutput)
        var text: [UInt8] = []
        while case .bytes(let more) = readAvailable(output) { text += more }
        XCTAssertEqual(waitForEnd(of: pid), .code(0))
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n").filter { $0.contains("->") }
        let links = lines.map { $0.split(separator: " ").suffix(3).joined(separator: " ") }
        // `ls` opens the folder that it lists.
        let inherited = links.filter { !$0.contains("/proc/") }
        XCTAssertEqual(inherited.map { $0.split(separator: " ")[0] }.sorted(), ["0", "1", "2", "30", "35"])
        XCTAssertTrue(inherited.contains("0 -> /dev/null"), "\(inherited)")
    }

    func testADescriptorMayKeepItsNumberAndTwoMaySwapTheirs() throws {
        let (readEnd, writeEnd) = try makePipe()
        let (otherRead, otherWrite) = try makePipe()
        defer { for end in [readEnd, otherRead] { close(end) } }
        let script = "printf same > /dev/fd/\(writeEnd); printf other > /dev/fd/\(otherWrite)"
        for isSwapped in [false, true] {
            let pid = try spawn(
                SpawnRequest(
                    executable: "/bin/sh", arguments: ["-c", script],
                    descriptors: [
                        (writeEnd, isSwapped ? otherWrite : writeEnd), (otherWrite, isSwapped ? writeEnd : otherWrite),
                    ]))
            XCTAssertEqual(waitForEnd(of: pid), .code(0))
            XCTAssertEqual(readAvailable(isSwapped ? otherRead : readEnd), .bytes(Array("same".utf8)))
            XCTAssertEqual(readAvailable(isSwapped ? readEnd : otherRead), .bytes(Array("other".utf8)))
        }
        close(writeEnd)
        close(otherWrite)
    }

    func testTheEnvironmentAndTheFolderAreThoseAskedFor() throws {
        let result = try runCommand(
            executable: "/bin/sh", arguments: ["-c", "pwd; env | grep -v -e ^PWD= -e ^_= -e ^SHLVL= -e ^OLDPWD="],
            environment: ["A": "1", "B": "x=y 上海"], workingDirectory: "/usr")
        XCTAssertEqual(result.text.split(separator: "\n").sorted(), ["/usr", "A=1", "B=x=y 上海"])
    }

    func testWhyAProgramCannotBeStartedIsSaidInASentence() {
        func message(_ request: SpawnRequest) -> String {
            do {
                _ = try spawn(request)
                return "started"
            } catch {
                return "\(error)"
            }
        }
        XCTAssertEqual(
            message(SpawnRequest(executable: "/no/such")),
            "Could not start /no/such: there is no such program. Check the path.")
        XCTAssertEqual(
            message(SpawnRequest(executable: "/etc/passwd")),
            "Could not start /etc/passwd: it may not be executed. Check the rights of the file and of its folders.")
        XCTAssertEqual(
            message(SpawnRequest(executable: "/bin/sh", workingDirectory: "/no/folder")),
            "Could not start /bin/sh: its folder /no/folder cannot be entered: No such file or directory. "
                + "Check that folder.")
        XCTAssertEqual(message(SpawnRequest(executable: "sh")), "Could not start sh: its path is not absolute.")
        XCTAssertTrue(message(SpawnRequest(executable: "/bin/sh", arguments: ["a\0b"])).contains("zero byte"))
        XCTAssertTrue(message(SpawnRequest(executable: "/bin/sh", environment: ["A=B": ""])).contains("\"A=B\""))
        XCTAssertTrue(
            message(SpawnRequest(executable: "/bin/sh", descriptors: [(3, 0), (3, 1)])).contains("not different"))
        XCTAssertTrue(
            message(SpawnRequest(executable: "/bin/sh", descriptors: [(3, 9999)])).contains("Bad file descriptor"))
    }

    func testNothingIsLeftOpenAfterASpawn() throws {
        func openDescriptors() -> Int { (0..<256).filter { cs_fcntl($0, F_GETFD, 0) >= 0 }.count }
        let before = openDescriptors()
        for _ in 0..<20 { XCTAssertEqual(try outcome("/bin/echo", "a").text, "a\n") }
        XCTAssertThrowsError(try outcome("/no/such"))
        XCTAssertEqual(openDescriptors(), before)
    }
}
