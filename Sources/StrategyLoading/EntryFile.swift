import JQTrade

/// The Swift file that is compiled with a strategy's own: it finds the life-cycle functions by their names and hands
/// them over, and carries the stamp.
struct EntryFile {
    /// A function that jqtrade calls.
    struct LifeCycleFunction {
        let name: String
        let label: String
        let type: String
        let signature: String
    }

    static let functions = [
        LifeCycleFunction(
            name: "process_initialize", label: "initialize", type: "(JQTrade.Context) throws -> Void",
            signature: "func process_initialize(_ context: Context)"),
        LifeCycleFunction(
            name: "process_exit", label: "exit", type: "(JQTrade.Context) throws -> Void",
            signature: "func process_exit(_ context: Context)"),
        LifeCycleFunction(
            name: "on_order", label: "onOrder", type: "(JQTrade.Context, JQTrade.Order) throws -> Void",
            signature: "func on_order(_ context: Context, _ order: Order)"),
        LifeCycleFunction(
            name: "on_trade", label: "onTrade", type: "(JQTrade.Context, JQTrade.Trade) throws -> Void",
            signature: "func on_trade(_ context: Context, _ trade: Trade)"),
    ]

    /// The line that the compiler sees for a function; a message about it is a message about the function's own line.
    static func bindingLine(_ function: LifeCycleFunction) -> String {
        "private let jqtrade_\(function.label): \(function.type) = \(function.name)"
    }

    let text: String

    /// The entry of a strategy with these sources; the option calls of its helpers count too.
    init(strategy: [SourceFile], helpers: [SourceFile], stamp: BuildStamp) {
        var lines = ["import JQTrade", ""]
        var arguments: [String] = []
        for function in Self.functions {
            guard let (file, place) = strategy.place(of: function.name) else { continue }
            lines.append("#sourceLocation(file: \(quoted(file.path)), line: \(place.line))")
            lines.append(Self.bindingLine(function))
            arguments.append("\(function.label): jqtrade_\(function.label)")
        }
        if lines.count > 2 { lines.append("#sourceLocation()") }
        let sites = (strategy + helpers).flatMap { file in file.optionCalls.map { Self.site($0, in: file) } }
        arguments.append("optionSites: [\(sites.joined(separator: ", "))]")
        if strategy.place(of: "process_initialize") != nil { lines.append(Self.entry(arguments)) }
        lines.append(Self.constant(stamp))
        text = lines.joined(separator: "\n") + "\n"
    }

    private static func entry(_ arguments: [String]) -> String {
        """
        @_cdecl("\(StrategySymbol.entry)") public func jqtrade_strategy_entry() -> UnsafeMutableRawPointer {
            Unmanaged.passRetained(JQTrade.StrategyEntry(\(arguments.joined(separator: ", ")))).toOpaque()
        }
        """
    }

    private static func constant(_ stamp: BuildStamp) -> String {
        """
        @_cdecl("\(StrategySymbol.stamp)") public func jqtrade_strategy_stamp() -> UnsafePointer<UInt8> {
            let stamp: StaticString = \(quoted(stamp.text))
            return stamp.utf8Start
        }
        """
    }

    private static func site(_ call: SourceFile.OptionCall, in file: SourceFile) -> String {
        let labels = call.labels.map(quoted).joined(separator: ", ")
        let site = "JQTrade.CallSite(path: \(quoted(file.path)), line: \(call.line))"
        return "JQTrade.OptionSite(labels: [\(labels)], site: \(site))"
    }
}

/// The symbols of a strategy's library.
enum StrategySymbol {
    static let entry = "jqtrade_strategy_entry"
    static let stamp = "jqtrade_strategy_stamp"
}

extension [SourceFile] {
    /// Where a function outside any type is declared.
    func place(of name: String) -> (file: SourceFile, function: SourceFile.Function)? {
        for file in self {
            if let function = file.functions.first(where: { $0.name == name }) { return (file, function) }
        }
        return nil
    }
}

/// A text as a Swift string literal.
func quoted(_ text: String) -> String {
    var literal = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"", "\\": literal += "\\\(scalar)"
        case _ where scalar.value < 0x20: literal += "\\u{\(String(scalar.value, radix: 16))}"
        default: literal.unicodeScalars.append(scalar)
        }
    }
    return literal + "\""
}
