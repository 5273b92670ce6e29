import Foundation

/// Strategies that several tests run, each compiled once for all of them: they lie in one folder, and every home's
/// build folder is the same.
final class StrategyShelf: Sendable {
    static let shared = StrategyShelf()

    let folder: String
    var buildFolder: String { folder + "/build" }

    private init() {
        folder = NSTemporaryDirectory() + "jqtrade strategies \(UUID().uuidString)"
        try? FileManager.default.createDirectory(atPath: folder + "/build", withIntermediateDirectories: true)
        atexit { try? FileManager.default.removeItem(atPath: StrategyShelf.shared.folder) }
    }

    /// The path of a strategy with this text.
    func path(_ name: String, _ text: String) -> String {
        let path = folder + "/" + name + ".swift"
        if !FileManager.default.fileExists(atPath: path) {
            _ = FileManager.default.createFile(atPath: path, contents: Data(text.utf8))
        }
        return path
    }
}
