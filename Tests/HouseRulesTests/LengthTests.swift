import XCTest

/// A file holds one idea and a function fits on a screen.
final class LengthTests: XCTestCase {
    private let longestFile = 320
    private let longestFunction = 70

    func testFilesAreShort() throws {
        for folder in ["Sources", "Tests", "strategies"] {
            for file in try SourceTree.project.files(in: folder, ending: ".swift") where file.lines.count > longestFile
            {
                XCTFail(
                    "\(file.path) has \(file.lines.count) lines (at most \(longestFile)): it holds two ideas, part them."
                )
            }
        }
    }

    func testFunctionsFitOnAScreen() throws {
        for file in try SourceTree.project.files(in: "Sources", ending: ".swift") {
            for (name, line, length) in functions(in: file) where length > longestFunction {
                XCTFail("\(file.path):\(line): \(name) has \(length) lines (at most \(longestFunction)): part it.")
            }
        }
    }

    /// The formatter indents a function's closing brace as its first line: from `func` to that brace is its length.
    private func functions(in file: SourceTree.File) -> [(name: String, line: Int, length: Int)] {
        var found: [(String, Int, Int)] = []
        for (index, line) in file.lines.enumerated() {
            let trimmed = line.trimmingCharacters(in: .whitespaces)
            let words = trimmed.split(separator: " ")
            guard let keyword = words.firstIndex(where: { $0 == "func" || $0.hasPrefix("init(") }), keyword < 5,
                !trimmed.hasPrefix("//"), !trimmed.hasSuffix("}")
            else { continue }
            let indent = String(line.prefix { $0 == " " })
            guard let end = file.lines[index...].dropFirst().firstIndex(where: { $0 == indent + "}" }) else { continue }
            found.append((trimmed, index + 1, end - index + 1))
        }
        return found
    }
}
