import CSupport
import JQTrade
import Processes

/// Loads a strategy's library into this process, after its stamp says that it was made for this very build.
public func loadStrategy(library: String) throws(StrategyError) -> StrategyEntry {
    try loadStrategy(library: library, program: buildID())
}

func loadStrategy(library: String, program: String) throws(StrategyError) -> StrategyEntry {
    guard try BuildStamp.read(library).program == program else { throw .otherBuild(path: library) }
    // All symbols are bound now: one that is missing is an error here, not a crash in the middle of a session.
    guard let handle = dlopen(library, RTLD_NOW | RTLD_LOCAL) else {
        throw .notLoadable(path: library, reason: dlerror().map { String(cString: $0) } ?? "no reason given")
    }
    guard let symbol = dlsym(handle, StrategySymbol.entry) else { throw .notALibrary(path: library) }
    typealias Entry = @convention(c) () -> UnsafeMutableRawPointer
    let entry = unsafeBitCast(symbol, to: Entry.self)()
    return Unmanaged<StrategyEntry>.fromOpaque(entry).takeRetainedValue()
}

/// The name of a strategy's function as it was written: `do_order`. Nil for a closure, and for a private function.
public func functionName(of function: @escaping JobFunction) -> String? {
    // In a structure the function keeps its own form; passed alone it would be wrapped in a thunk.
    struct Stored { let function: JobFunction }
    typealias Words = (code: UnsafeRawPointer?, context: UnsafeRawPointer?)
    let words = unsafeBitCast(Stored(function: function), to: Words.self)
    guard words.context == nil, let symbol = cs_symbol_at(words.code) else { return nil }
    guard let demangled = swift_demangle(symbol, strlen(symbol), nil, nil, 0) else { return nil }
    defer { free(demangled) }
    return plainName(String(cString: demangled))
}

/// `Strategy_1a2b3c4d.do_order(JQTrade.Context) -> ()` → `do_order`; nil for what is no function of a module.
func plainName(_ demangled: String) -> String? {
    guard let opening = demangled.firstIndex(of: "("), !demangled.contains("closure #") else { return nil }
    let path = demangled[..<opening].split(separator: " ").last ?? ""
    let parts = path.split(separator: ".").dropFirst()
    return parts.isEmpty ? nil : parts.joined(separator: ".")
}
