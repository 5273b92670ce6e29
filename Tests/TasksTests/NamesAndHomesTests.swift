import CSupport
import Storage
import TestSupport
import XCTest

@testable import Tasks

final class NamesAndHomesTests: XCTestCase {
    private func reason(_ name: String) -> String {
        do {
            _ = try TaskName(name)
            return "none"
        } catch { return "\(error)" }
    }

    func testNamesOfEveryScript() throws {
        for name in ["demo", "a", "7", "my-task_1.2", "均线策略", "Ünïcode", "задача", "كلمة", "日本語のタスク", "한국어", "a..b"] {
            XCTAssertEqual(try TaskName(name).text, name)
        }
    }

    func testOneNameIsOneFolderHoweverItWasTyped() throws {
        let composed = try TaskName("caf\u{E9}")
        let decomposed = try TaskName("cafe\u{301}")
        XCTAssertEqual(Array(composed.text.utf8), Array(decomposed.text.utf8))
        let home = Home(path: "/h")
        XCTAssertEqual(Array(home.folder(of: composed).utf8), Array(home.folder(of: decomposed).utf8))
    }

    func testLengthsInCharactersAndBytes() throws {
        XCTAssertNoThrow(try TaskName(String(repeating: "a", count: 64)))
        XCTAssertTrue(reason(String(repeating: "a", count: 65)).contains("has 65 characters"))
        XCTAssertNoThrow(try TaskName(String(repeating: "中", count: 64)), "192 bytes")
        XCTAssertTrue(reason(String(repeating: "𠀀", count: 51)).contains("has 204 bytes"))
        XCTAssertNoThrow(try TaskName(String(repeating: "𠀀", count: 50)), "200 bytes")
    }

    func testNamesThatAreNone() {
        let wrong = [
            ("", "is empty"), (".", "has '.' as character 1"), ("..", "has '.' as character 1"),
            (".hidden", "has '.' as character 1"), ("-n", "has '-' as character 1"), ("_a", "has '_' as character 1"),
            ("a/b", "has '/' as character 2"), ("../x", "has '.' as character 1"), ("a b", "has ' ' as character 2"),
            ("a\0b", "has U+0 as character 2"), ("a\nb", "has U+A as character 2"), ("a\u{1B}[31m", "has U+1B as"),
            ("a\u{7F}", "has U+7F"), ("a🚀", "as character 2"), ("a:b", "has ':'"), ("a*", "has '*'"),
            ("a\\b", "has '\\'"),
        ]
        for (name, part) in wrong {
            XCTAssertTrue(reason(name).contains(part), reason(name))
            XCTAssertTrue(reason(name).contains("choose another with -n"))
        }
        for invisible in ["a\u{200D}", "a\u{200B}b", "a\u{202E}b", "a\u{FEFF}"] {
            XCTAssertNotEqual(reason(invisible), "none", "an invisible character is in the name")
        }
    }

    func testTheHomeOfAnEnvironment() throws {
        func path(_ environment: [String: String]) throws -> String {
            try Home(environment: environment, currentFolder: "/work/here").path
        }
        XCTAssertEqual(try path(["JQTRADE_HOME": "/data/jq", "HOME": "/u"]), "/data/jq")
        XCTAssertEqual(try path(["JQTRADE_HOME": "jq/../home", "HOME": "/u"]), "/work/here/home")
        XCTAssertEqual(try path(["JQTRADE_HOME": "", "HOME": "/u/x/"]), "/u/x/jqtrade")
        for environment in [[:], ["HOME": ""], ["HOME": "relative"]] {
            XCTAssertThrowsError(try path(environment)) {
                XCTAssertTrue("\($0)".contains("HOME is not set: set JQTRADE_HOME"), "\($0)")
            }
        }
    }

    func testAbsolutePaths() {
        for (path, seen) in [
            ("a", "/w/a"), ("./a/", "/w/a"), ("../a", "/a"), ("../../../a", "/a"), ("/x//y/./z/..", "/x/y"), ("/", "/"),
            ("", "/w"), ("中文 a", "/w/中文 a"),
        ] { XCTAssertEqual(absolutePath(path, in: "/w"), seen, path) }
    }

    func testAHomeIsMadeForItsUserAlone() throws {
        let folder = try TemporaryFolder()
        let home = Home(path: folder.path + "/a 中/home")
        try home.prepare(in: SystemDisk())
        try home.prepare(in: SystemDisk())
        for path in [home.path, home.tasksFolder, home.buildFolder, home.logsFolder] {
            XCTAssertEqual(mode(path), 0o700, path)
        }
        _ = chmod(home.path, 0o755)
        try home.prepare(in: SystemDisk())
        XCTAssertEqual(mode(home.path), 0o700, "others may not look into it any more")
    }

    func testHomesThatCannotBeUsed() throws {
        let folder = try TemporaryFolder()
        let disk = SystemDisk()
        try disk.replaceFile(folder.path + "/file", with: [1], durable: false)
        func complaint(_ path: String) -> String {
            do {
                try Home(path: path).prepare(in: disk)
                return "none"
            } catch { return "\(error)" }
        }
        for path in [folder.path + "/file", folder.path + "/file/home"] {
            XCTAssertTrue(
                complaint(path).hasPrefix("The home folder \(path) cannot be made or written: "), complaint(path))
            XCTAssertTrue(complaint(path).contains("Set JQTRADE_HOME to a folder of your own"))
        }
        let other = folder.path + "/other"
        try Home(path: other).prepare(in: disk)
        if geteuid() == 0 {
            XCTAssertEqual(chown(other, 12_345, 12_345), 0)
            XCTAssertTrue(complaint(other).contains("belongs to another user (uid 12345)"), complaint(other))
            _ = chown(other, 0, 0)
        } else {
            _ = chmod(other + "/tasks", 0o500)
            XCTAssertTrue(complaint(other).contains("cannot be written by this user"), complaint(other))
            _ = chmod(other + "/tasks", 0o700)
        }
    }

    private func mode(_ path: String) -> mode_t {
        var facts = stat()
        return stat(path, &facts) == 0 ? facts.st_mode & 0o777 : 0
    }
}
