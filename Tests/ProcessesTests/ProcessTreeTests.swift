import CSupport
import XCTest

@testable import Processes

/// Which process is which, whose child it is, and how to end them all.
final class ProcessTreeTests: XCTestCase {
    func testAnIdentityEndsWithItsProcessEvenBeforeItIsReaped() throws {
        let script = try Script("echo up; cat <&3")
        XCTAssertEqual(script.line(), "up")
        let identity = try XCTUnwrap(ProcessIdentity.of(script.pid))
        XCTAssertTrue(identity.isAlive)
        XCTAssertEqual(ProcessIdentity(identity.description), identity)
        XCTAssertGreaterThan(try XCTUnwrap(residentBytes(of: script.pid)), 10_000)
        XCTAssertTrue(identity.send(SIGTERM))
        waitForZombie(script.pid)
        XCTAssertFalse(identity.isAlive, "a zombie is gone")
        XCTAssertNil(ProcessIdentity.of(script.pid))
        XCTAssertFalse(identity.send(SIGTERM))
        XCTAssertEqual(reap(script.pid), .signal(SIGTERM))
        XCTAssertNil(reap(script.pid), "its end is told once")
        XCTAssertNil(residentBytes(of: script.pid))
        XCTAssertFalse(identity.isAlive)
    }

    func testASignalForAnEarlierOwnerOfThePidReachesNobody() throws {
        let script = try Script("echo up; cat <&3")
        XCTAssertEqual(script.line(), "up")
        let identity = try XCTUnwrap(ProcessIdentity.of(script.pid))
        let earlier = try XCTUnwrap(ProcessIdentity("\(script.pid):\(identity.start - 1)"))
        XCTAssertFalse(earlier.isAlive)
        XCTAssertFalse(earlier.send(SIGKILL))
        XCTAssertNil(reap(script.pid))
        XCTAssertTrue(identity.isAlive)
        XCTAssertTrue(identity.send(SIGKILL))
        XCTAssertEqual(waitForEnd(of: script.pid), .signal(SIGKILL))
    }

    func testTextsThatAreNoIdentity() {
        for text in ["", "1", "1:", ":1", "0:1", "-1:1", "1:2:3", "a:b", "1:-1", "99999999999:1"] {
            XCTAssertNil(ProcessIdentity(text), text)
        }
        XCTAssertEqual(ProcessIdentity.current, ProcessIdentity.of(getpid()))
    }

    #if os(Linux)
        func testAProgramMayHaveAnyName() {
            let numbers = (5...60).map { "\($0)" }.joined(separator: " ")
            let entry = ProcessEntry(pid: 7, stat: "7 (a) R 1 (b c) S 42 \(numbers)")
            XCTAssertEqual(entry, ProcessEntry(pid: 7, parent: 42, start: 22))
            XCTAssertEqual(ProcessEntry(pid: 7, stat: "7 (x) Z 42 \(numbers)")?.isZombie, true)
            XCTAssertNil(ProcessEntry(pid: 7, stat: "7 (x"))
            XCTAssertNil(ProcessEntry(pid: 7, stat: "7 (x) S 42 5 6"))
        }
    #endif

    func testAGroupIsKilledWhole() throws {
        let script = try Script("cat <&3 & echo $!; cat <&3")
        let child = try XCTUnwrap(ProcessIdentity.of(script.pidLine()))
        XCTAssertEqual(getpgid(child.pid), script.pid)
        XCTAssertTrue(killGroup(script.pid))
        XCTAssertEqual(waitForEnd(of: script.pid), .signal(SIGKILL))
        XCTAssertNil(script.line(), "the child is gone too: nobody holds the pipe")
        XCTAssertFalse(killGroup(0))
        XCTAssertFalse(killGroup(1))
        XCTAssertFalse(killGroup(-1))
        XCTAssertFalse(killGroup(getpgrp()))
    }

    func testDescendantsAreFoundAndKilledAlsoOutsideTheGroup() throws {
        let setsid = try XCTUnwrap(findExecutable("setsid", path: "/usr/bin:/bin"), "setsid is needed here")
        let script = try Script("(\(setsid) sh -c 'echo $$; cat <&3' & cat <&3) & echo $!; cat <&3")
        let found = try [script.pidLine(), script.pidLine()]
        let stranger = try XCTUnwrap(found.first { getpgid($0) != script.pid }, "one has left the group")
        XCTAssertTrue(Set(descendants(of: script.pid)).isSuperset(of: found))
        XCTAssertTrue(descendants(of: getpid()).contains(stranger))
        let killed = killDescendants(of: script.pid)
        XCTAssertTrue(Set(killed).isSuperset(of: found), "\(killed) of \(found)")
        killGroup(script.pid)
        XCTAssertNotNil(waitForEnd(of: script.pid))
        XCTAssertNil(script.line(), "nobody is left that holds the pipe")
    }

    func testASubreaperGetsTheOrphansAndReapsThemAll() throws {
        try XCTSkipUnless(becomeSubreaper(), "only Linux has subreapers")
        let worker = try Script("exit 4")
        let script = try Script("cat <&3 & echo $!")
        let orphan = try script.pidLine()
        XCTAssertEqual(waitForEnd(of: script.pid), .code(0))
        XCTAssertEqual(ProcessEntry.of(orphan)?.parent, getpid())
        XCTAssertEqual(ProcessEntry.of(orphan)?.isZombie, false)
        XCTAssertTrue(killDescendants(of: getpid(), sparing: [worker.pid]).contains(orphan))
        waitForZombie(orphan)
        waitForZombie(worker.pid)
        var ends: [Int32: Exit] = [:]
        while let (pid, exit) = reapNext() { ends[pid] = exit }
        XCTAssertEqual(ends[orphan], .signal(SIGKILL))
        XCTAssertEqual(ends[worker.pid], .code(4))
    }

    func testProgramsAreFoundInAPath() {
        XCTAssertEqual(findExecutable("sh", path: "/no/such::.:/usr/../bin:/bin"), "/usr/../bin/sh")
        XCTAssertNil(findExecutable("sh", path: "bin:."))
        XCTAssertNil(findExecutable("sh", path: nil))
        XCTAssertNil(findExecutable("", path: "/bin"))
        XCTAssertNil(findExecutable("passwd", path: "/etc"), "a file that may not be executed")
        XCTAssertEqual(findExecutable("/bin/sh", path: nil), "/bin/sh")
        XCTAssertEqual(access(currentExecutable(), X_OK), 0)
    }

    func testABuildHasAName() {
        XCTAssertEqual(buildID(), buildID())
        XCTAssertGreaterThanOrEqual(buildID().utf8.count, 16)
        XCTAssertFalse(buildID().hasPrefix("file-"), "the linker leaves a mark here: \(buildID())")
        XCTAssertNotEqual(fileMark("/bin/sh"), fileMark("/bin/cat"))
        XCTAssertEqual(fileMark("/bin/sh"), fileMark("/bin/sh"))
    }
}
