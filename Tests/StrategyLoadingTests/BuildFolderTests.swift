import CSupport
import Storage
import XCTest

@testable import StrategyLoading

/// What is cleared away, and what never is.
final class BuildFolderTests: XCTestCase {
    func testTheLeastRecentlyUsedLibrariesGoButNoneInUse() throws {
        let shop = try Workshop()
        let builds = BuildFolder(shop.path("build"))
        for (age, key) in ["newest", "middle", "old", "oldest"].enumerated() {
            let library = builds.library(key)
            try shop.write(String(library.dropFirst(shop.path("").count)), key)
            var times = [timeval(tv_sec: 1000 - age, tv_usec: 0), timeval(tv_sec: 1000 - age, tv_usec: 0)]
            XCTAssertEqual(utimes(library, &times), 0)
        }
        var hold = builds.hold("oldest")
        var times = [timeval(tv_sec: 1, tv_usec: 0), timeval(tv_sec: 1, tv_usec: 0)]
        utimes(builds.library("oldest"), &times)
        builds.prune(kept: 2)
        XCTAssertEqual(try SystemDisk().list(shop.path("build")), ["middle", "newest", "oldest"])
        XCTAssertNotNil(hold)
        hold = nil
        builds.prune(kept: 2)
        XCTAssertEqual(try SystemDisk().list(shop.path("build")), ["middle", "newest"])
        XCTAssertNil(builds.hold("oldest"))
    }

    func testUseMakesALibraryYoung() throws {
        let shop = try Workshop()
        let builds = BuildFolder(shop.path("build"))
        for key in ["a", "b"] {
            try shop.write("build/\(key)/strategy.\(Platform.libraryExtension)", key)
            var times = [timeval(tv_sec: 1000, tv_usec: 0), timeval(tv_sec: key == "a" ? 1 : 2, tv_usec: 0)]
            utimes(builds.library(key), &times)
        }
        _ = builds.hold("a")
        builds.prune(kept: 1)
        XCTAssertEqual(try SystemDisk().list(shop.path("build")), ["a"])
    }

    func testWhatACrashLeftIsRemovedUnlessSomebodyBuildsThere() throws {
        let shop = try Workshop()
        let builds = BuildFolder(shop.path("build"))
        try shop.write("build/dead.work/strategy.so", "half")
        try shop.write("build/dead.lock", "")
        let lock = try builds.lock("alive") { XCTFail("nobody else builds") }
        _ = try builds.makeWork("alive")
        builds.prune()
        XCTAssertEqual(try SystemDisk().list(shop.path("build")), ["alive.lock", "alive.work"])
        builds.cleanUp("alive")
        lock.release()
        XCTAssertEqual(try SystemDisk().list(shop.path("build")), [])
    }

    func testAHomeThatCannotBeWrittenIsTold() throws {
        let shop = try Workshop()
        try shop.write("file", "")
        guard case .notWritten? = strategyError(try BuildFolder(shop.path("file/build")).lock("k") {}) else {
            return XCTFail("no error")
        }
    }
}
