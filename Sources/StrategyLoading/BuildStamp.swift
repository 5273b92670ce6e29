import CSupport

/// For which jqtrade a library was built. The library carries it as a constant, which is looked for in the file's bytes:
/// no code of the library runs, not even what a loader runs by itself, before its stamp is known to fit.
struct BuildStamp: Equatable {
    /// The build-id of the program.
    let program: String
    /// The hash of the modules that the strategy was compiled against.
    let modules: String

    private static let opening = "jqtrade strategy, stamp 1, program "
    private static let middle = ", modules "
    private static let end = ";"

    /// The constant's text.
    var text: String { Self.opening + program + Self.middle + modules + Self.end }

    init(program: String, modules: String) {
        self.program = program
        self.modules = modules
    }

    /// The stamp in the bytes of a library; nil if there is none.
    init?(in library: [UInt8]) {
        let longest = 256
        let opening = Array(Self.opening.utf8)
        let found: ArraySlice<UInt8>? = library.withUnsafeBytes { bytes in
            guard let start = cs_find_bytes(bytes.baseAddress, bytes.count, opening, opening.count) else { return nil }
            let offset = bytes.baseAddress.map { start - $0 } ?? 0
            return library[offset...].prefix(longest)
        }
        guard let found, let length = found.firstIndex(of: UInt8(ascii: ";")) else { return nil }
        let text = String(decoding: found[..<length].dropFirst(opening.count), as: UTF8.self)
        let parts = text.split(separator: ",", maxSplits: 1)
        guard parts.count == 2, "," + parts[1].prefix(Self.middle.count - 1) == Self.middle else { return nil }
        self.init(program: String(parts[0]), modules: String(parts[1].dropFirst(Self.middle.count - 1)))
    }

    /// The stamp of the library at a path.
    static func read(_ path: String) throws(StrategyError) -> BuildStamp {
        guard let stamp = BuildStamp(in: try fileContent(at: path)) else { throw .notALibrary(path: path) }
        return stamp
    }
}
