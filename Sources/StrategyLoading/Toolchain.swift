import CSupport
import Processes
import Storage

/// The Swift compiler and the modules that it compiles strategies against.
struct Toolchain {
    /// The path of `swiftc`; nil on a machine, or in a cron job, that has none in its PATH.
    let compiler: String?
    /// What tells this compiler from another without running it: its files and when they were put there; empty without one.
    let compilerIdentity: String
    /// The folder of the compiler's own modules.
    let systemModules: String
    /// The folder that holds `JQTrade.swiftmodule`.
    let modules: String

    /// Finds both in this environment, for a program that lies at `executable`.
    init(environment: [String: String], executable: String) throws(StrategyError) {
        modules = try Toolchain.findModules(environment: environment, executable: executable)
        compiler = findExecutable("swiftc", path: environment["PATH"] ?? "")
        guard let compiler else {
            systemModules = ""
            compilerIdentity = ""
            return
        }
        let binaries = parentFolder(of: realPath(compiler))
        systemModules = "\(parentFolder(of: binaries))/lib/swift/\(Platform.systemModules)"
        compilerIdentity = try [compiler, "\(binaries)/swift-frontend"].map(Toolchain.identity).joined(separator: "; ")
    }

    private static func identity(_ path: String) throws(StrategyError) -> String {
        do {
            guard let file = try SystemDisk().identity(of: path) else { return "no \(path)" }
            return "\(path) \(file.inode) \(file.size) \(file.modified) \(file.changed)"
        } catch {
            throw .unreadable(error)
        }
    }

    /// `JQTRADE_MODULES`, else beside the program as SwiftPM builds it, else where an installation puts it.
    static func findModules(
        environment: [String: String], executable: String
    ) throws(StrategyError) -> String {
        let folder = parentFolder(of: executable)
        let beside = ["\(folder)/Modules", "\(parentFolder(of: folder))/lib/jqtrade/Modules"]
        let named = environment["JQTRADE_MODULES"].flatMap { $0.isEmpty ? nil : [$0] }
        let folders = named ?? beside
        for folder in folders where try FileKind(of: "\(folder)/JQTrade.swiftmodule") != nil { return folder }
        throw .noModules(searched: folders)
    }

    /// The hash of the modules in a folder that a strategy sees.
    static func hash(ofModules folder: String) throws(StrategyError) -> String {
        var hash = ContentHash()
        for name in TakenModules.ofStrategies {
            for content in try fileContents(at: "\(folder)/\(name).swiftmodule") { hash.add(content) }
        }
        return hash.text
    }
}

/// The bytes of a file, or of the files in a folder: macOS keeps a module for each processor in one.
func fileContents(at path: String) throws(StrategyError) -> [[UInt8]] {
    guard try FileKind(of: path) == .folder else { return [try fileContent(at: path)] }
    let names: [String]
    do { names = try SystemDisk().list(path) } catch { throw .unreadable(error) }
    var contents: [[UInt8]] = []
    for name in names where !name.hasPrefix(".") {
        contents += [Array(name.utf8), try fileContent(at: "\(path)/\(name)")]
    }
    return contents
}

/// The bytes of a file that must be there.
func fileContent(at path: String) throws(StrategyError) -> [UInt8] {
    let bytes: [UInt8]?
    do { bytes = try SystemDisk().readFile(path, limit: 1 << 30) } catch { throw .unreadable(error) }
    guard let bytes else { throw .absent(path: path) }
    return bytes
}

/// A path without symbolic links, or the path itself where it leads nowhere.
private func realPath(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
}
