import Storage

/// What the path after `-c` stands for.
enum StrategyCode {
    /// Sources that are compiled together; helper modules may lie in `folder`.
    case sources([SourceFile], folder: String)
    /// A library that was built before.
    case library

    /// Looks at a path.
    init(at path: String) throws(StrategyError) {
        switch try FileKind(of: path) {
        case nil: throw .absent(path: path)
        case .folder:
            let files = try StrategyCode.swiftFiles(in: path)
            if files.isEmpty { throw .emptyFolder(path: path) }
            self = .sources(try StrategyCode.read(files), folder: path)
        case .file where path.hasSuffix(".swift"):
            self = .sources([try SourceFile.read(path)], folder: parentFolder(of: path))
        case .file where path.hasSuffix(".so") || path.hasSuffix(".dylib"): self = .library
        case .file: throw .notAStrategy(path: path)
        }
    }

    /// The Swift sources in a folder itself, in order of their names; hidden ones are an editor's.
    static func swiftFiles(in folder: String) throws(StrategyError) -> [String] {
        let names: [String]
        do { names = try SystemDisk().list(folder) } catch { throw .unreadable(error) }
        return names.filter { $0.hasSuffix(".swift") && !$0.hasPrefix(".") }.map { "\(folder)/\($0)" }
    }

    /// Reads sources.
    static func read(_ paths: [String]) throws(StrategyError) -> [SourceFile] {
        var files: [SourceFile] = []
        for path in paths { files.append(try SourceFile.read(path)) }
        return files
    }
}

/// A file or a folder.
enum FileKind {
    case file
    case folder

    /// What stands at a path; nil if nothing does.
    init?(of path: String) throws(StrategyError) {
        do {
            guard let identity = try SystemDisk().identity(of: path) else { return nil }
            self = identity.isFolder ? .folder : .file
        } catch {
            throw .unreadable(error)
        }
    }
}
