import Foundation
import XCTest

/// What the two READMEs show is what the program does: each command in a `console` block runs here, with the built
/// program in place of `swift run jqtrade`.
final class ReadmeTests: XCTestCase {
    func testTheCommandsOfTheReadmeDoWhatItShows() throws { try runCommands(of: "README.md") }

    func testTheCommandsOfTheChineseReadmeDoWhatItShows() throws { try runCommands(of: "docs/README.zh-CN.md") }

    func testBothReadmesShowTheWholeDemo() throws {
        let demo = try text(of: "strategies/demo.swift")
        for readme in ["README.md", "docs/README.zh-CN.md"] {
            XCTAssertTrue(try text(of: readme).contains("```swift\n\(demo)```"), "\(readme) shows another strategy")
        }
    }

    /// A block that begins with `// Name.swift` is the helper module of those after it.
    func testEachStrategyOfTheManualCompilesAndInitializes() throws {
        let place = try Workplace()
        defer { place.close() }
        let blocks = try text(of: "docs/strategy-manual.md").matches(of: #/```swift\n(.*?)```/#.dotMatchesNewlines())
            .map { String($0.output.1) }
        XCTAssertGreaterThan(blocks.count, 6)
        for (number, block) in blocks.enumerated() {
            if let helper = block.prefixMatch(of: #/\/\/ (\w+\.swift)\n/#) {
                try place.write(block, to: String(helper.output.1))
                continue
            }
            try place.write(block, to: "sample\(number).swift")
            let schedule = try place.run(["get_schedule", "-c", "sample\(number).swift", "--date", "2026-11-23"])
            XCTAssertEqual(schedule.code, 0, "\(schedule.errors)\n\(block)")
            XCTAssertTrue(schedule.output.contains("planned"), "\(schedule.output)\n\(block)")
        }
    }

    func testEachLinkOfTheDocumentsLeadsToAFile() throws {
        let documents = try FileManager.default.contentsOfDirectory(atPath: Self.checkout + "/docs")
            .filter { $0.hasSuffix(".md") }.map { "docs/" + $0 }
        for document in ["README.md"] + documents {
            let folder = (Self.checkout + "/" + document as NSString).deletingLastPathComponent
            for link in try text(of: document).matches(of: #/\]\(([^)#:\s]+)(#[^)]*)?\)/#).map(\.output.1) {
                XCTAssertTrue(FileManager.default.fileExists(atPath: "\(folder)/\(link)"), "\(document): \(link)")
            }
        }
    }

    // MARK: Running what a README shows

    /// A command of a README and the lines that it shows below.
    private struct Shown {
        let command: String
        var lines: [String] = []
    }

    /// These would build or test the whole project again.
    private static let skipped = ["git clone", "swift test"]

    /// What is said only when something has changed.
    private static let notAlways = ["Build of product", "compiling"]

    private static let checkout = (0..<3).reduce(#filePath) { path, _ in (path as NSString).deletingLastPathComponent }

    private func text(of file: String) throws -> String {
        try String(contentsOfFile: Self.checkout + "/" + file, encoding: .utf8)
    }

    private func runCommands(of readme: String) throws {
        let place = try Workplace()
        defer { place.close() }
        try FileManager.default.createSymbolicLink(
            atPath: place.folder + "/strategies", withDestinationPath: Self.checkout + "/strategies")
        let programs = (Workplace.program as NSString).deletingLastPathComponent
        place.environment["PATH"] = programs + ":" + (place.environment["PATH"] ?? "")
        let commands = try shownCommands(in: text(of: readme))
        XCTAssertGreaterThan(commands.count, 6, "\(readme) shows too few commands")
        for shown in commands where !Self.skipped.contains(where: shown.command.hasPrefix) {
            try run(shown, in: place)
        }
    }

    private func run(_ shown: Shown, in place: Workplace) throws {
        let command = shown.command.replacingOccurrences(of: "swift run jqtrade", with: "jqtrade")
        // What has just been started is busy for a moment, and at its slots: who only looks looks again.
        let onlyLooks = command.contains("jqtrade get_")
        var said: [String] = []
        var missing: [String] = []
        try eventually {
            said = try self.said(by: command, in: place)
            missing = shown.lines.filter { line in
                !Self.notAlways.contains(where: line.hasPrefix)
                    && !said.contains { $0.hasPrefix(self.distinctive(line)) }
            }
            return missing.isEmpty || !onlyLooks
        }
        for line in missing { XCTFail("\(shown.command) does not say: \(line)\n\(said)") }
    }

    /// The lines that a command says until it ends by itself, or by Ctrl-C once its task runs in the foreground.
    private func said(by command: String, in place: Workplace) throws -> [String] {
        let isForeground = command.contains("start_task") && !command.contains("--detach")
        let program = try RunningProgram(
            "/bin/sh", ["-c", isForeground ? "exec \(command)" : command], environment: place.environment,
            folder: place.folder, onTerminal: true)
        defer { program.end() }
        if isForeground {
            try program.waitFor("ready; next:")
            program.type("\u{3}")
        }
        let finished = try program.waitForExit()
        XCTAssertEqual(finished.code, 0, "\(command): \(finished.output)")
        return finished.output.split(whereSeparator: \.isNewline).map { distinctive(String($0)) }
    }

    private func shownCommands(in text: String) -> [Shown] {
        var commands: [Shown] = []
        var isConsole = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                isConsole = line == "```console"
            } else if isConsole, line.hasPrefix("$ ") {
                commands.append(Shown(command: String(line.dropFirst(2))))
            } else if isConsole, !line.isEmpty, !commands.isEmpty {
                commands[commands.count - 1].lines.append(String(line))
            }
        }
        return commands
    }

    /// What of a line is the same in every run: numbers are masked, and a path, the time of a slot to come and what
    /// follows are left out, and so is an account in a task's row.
    private func distinctive(_ line: String) -> String {
        // A line that takes the place of a progress line begins by wiping it.
        var line = line.replacing("^C", with: "").replacing("\u{1B}[K", with: "")
        line = line.replacing(#/\d+/#, with: "0").replacing(#/ +/#, with: " ")
        if let next = line.firstRange(of: "ready; next:") { line = String(line[..<next.upperBound]) }
        // The account is told of a moment after READY, and in market hours the demo trades.
        line = line.replacing(#/, 0 open orders?(, account .* old)?/#, with: "")
        if let path = line.firstRange(of: " /") { line = String(line[..<path.lowerBound]) }
        if line.hasPrefix("demo "), let slot = line.firstMatch(of: #/ (0-0-0 )?0:0:0/#) {
            line = String(line[..<slot.range.lowerBound])
        }
        return line
    }
}
