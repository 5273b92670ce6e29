import Foundation
import XCTest

/// The project's own sources, as the house rules look at them.
struct SourceTree {
    let root: URL

    /// The checkout that this file was compiled from.
    static let project = SourceTree(
        root: URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent())

    struct File {
        /// The path from the root.
        let path: String
        let lines: [String]
    }

    /// All files below a folder whose names end as told, in order of their paths.
    func files(in folder: String, ending: String) throws -> [File] {
        let base = root.appendingPathComponent(folder)
        let names = FileManager.default.enumerator(atPath: base.path)?.compactMap { $0 as? String } ?? []
        return try names.filter { $0.hasSuffix(ending) }.sorted().map { try file(folder + "/" + $0) }
    }

    func file(_ path: String) throws -> File {
        let text = try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
        return File(path: path, lines: text.components(separatedBy: "\n"))
    }
}

extension SourceTree.File {
    /// The line without its comment and without what stands in plain string literals, where words are not calls.
    static func code(_ line: String) -> String {
        var code = ""
        var inString = false
        var previous: Character = " "
        for character in line {
            if character == "\"", previous != "\\" { inString.toggle() }
            if !inString {
                if character == "/", previous == "/" { return String(code.dropLast()) }
                code.append(character)
            }
            previous = character
        }
        return code
    }
}
