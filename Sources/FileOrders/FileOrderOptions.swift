import Gates
import Market
import Notation
import Storage

/// The options of a gate to an order folder, read and checked.
struct FileOrderOptions {
    let account: String
    let folder: String
    /// nil: each file tells by its bytes.
    let encoding: TextEncoding?
    let counterType: String
    let algorithm: String
    let marketOrders: MarketOrders
    let lockInterval: TimeSpan
    let lockTimeout: TimeSpan
    let attempts: Int
    let attemptInterval: TimeSpan
    let ignoresBadRows: Bool

    /// The names, each as `set_options` takes it.
    static let names = [
        "account_no", "order_dir", "file_encoding", "account_type", "counter_type", "algo_type", "market_order",
        "wait_lock_internal", "wait_lock_time_out", "sync_retry_kwargs", "ignore_error_line",
    ]

    init(_ options: [String: JSON], _ format: OrderFileFormat) throws(GateSetupError) {
        let read = OptionReader(options: options, title: format.title)
        account = try read.word("account_no", nil)
        folder = try read.folder("order_dir")
        let encodingName = try read.text("file_encoding", "auto")
        encoding = TextEncoding(name: encodingName)
        if encoding == nil, encodingName != "auto" {
            throw read.wrong("file_encoding", "\"auto\", \"GBK\" or \"UTF-8\"")
        }
        _ = try read.choice("account_type", format.accountTypes)
        counterType = try read.choice("counter_type", format.counterTypes)
        algorithm = try read.word("algo_type", format.algorithm ?? "-")
        let market = try read.choice(
            "market_order", [format.codes.marketStandard.rawValue] + MarketOrders.allCases.map(\.rawValue))
        marketOrders = MarketOrders(rawValue: market) ?? format.codes.marketStandard
        lockInterval = try read.seconds("wait_lock_internal", 0.05, 0.001...60)
        lockTimeout = try read.seconds("wait_lock_time_out", 5, 0...60)
        let retries = try read.members("sync_retry_kwargs", ["max_attempts", "attempt_internal"])
        let retry = OptionReader(options: retries, title: "sync_retry_kwargs")
        attempts = try retry.whole("max_attempts", 3, 1...100)
        attemptInterval = try retry.seconds("attempt_internal", 0.15, 0...60)
        ignoresBadRows = try read.flag("ignore_error_line", true)
    }
}

/// Why a gate cannot be set up: a sentence.
public struct GateSetupError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong and what to write instead.
    public let description: String
}

/// Takes options by name; what is not as asked is a sentence.
private struct OptionReader {
    let options: [String: JSON]
    let title: String

    func wrong(_ name: String, _ asked: String) -> GateSetupError {
        let found = options[name].map { ", not \($0.compact)" } ?? ": it is missing"
        return GateSetupError(description: "\(title): \(name) must be \(asked)\(found)")
    }

    func text(_ name: String, _ standard: String?) throws(GateSetupError) -> String {
        guard let value = options[name] else {
            if let standard { return standard }
            throw wrong(name, "given")
        }
        // An account number may have been written as a number.
        if name == "account_no", case .integer(let number) = value { return String(number) }
        guard let text = value.string, !text.isEmpty else { throw wrong(name, "a text") }
        return text
    }

    /// A text that a column can hold as it is.
    func word(_ name: String, _ standard: String?) throws(GateSetupError) -> String {
        let text = try text(name, standard)
        let isPlain = text.utf8.allSatisfy { $0.isLetterOrDigit || $0 == 0x2D || $0 == 0x5F || $0 == 0x2E }
        if !isPlain { throw wrong(name, "of letters, digits, - _ and . alone") }
        return text
    }

    func folder(_ name: String) throws(GateSetupError) -> String {
        var path = try text(name, nil)
        guard path.hasPrefix("/"), !path.utf8.contains(0) else {
            throw wrong(name, "the terminal's folder by its whole path, from / on")
        }
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }

    func choice(_ name: String, _ words: [String]) throws(GateSetupError) -> String {
        let word = try text(name, words.first)
        if words.contains(word) { return word }
        var known: [String] = []
        for word in words where !known.contains(word) { known.append(word) }
        throw wrong(name, known.map { "\"\($0)\"" }.joined(separator: " or "))
    }

    func seconds(_ name: String, _ standard: Double, _ range: ClosedRange<Double>) throws(GateSetupError) -> TimeSpan {
        guard let value = options[name] else { return TimeSpan(seconds: standard) }
        guard let seconds = value.double, range.contains(seconds) else {
            throw wrong(name, "seconds from \(range.lowerBound) to \(range.upperBound)")
        }
        return TimeSpan(seconds: seconds)
    }

    func whole(_ name: String, _ standard: Int, _ range: ClosedRange<Int>) throws(GateSetupError) -> Int {
        guard let value = options[name] else { return standard }
        guard let number = value.int, range.contains(number) else {
            throw wrong(name, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func flag(_ name: String, _ standard: Bool) throws(GateSetupError) -> Bool {
        guard let value = options[name] else { return standard }
        guard let flag = value.bool else { throw wrong(name, "true or false") }
        return flag
    }

    func members(_ name: String, _ known: [String]) throws(GateSetupError) -> [String: JSON] {
        guard let value = options[name] else { return [:] }
        guard let members = value.members else { throw wrong(name, "a table of \(known.joined(separator: " and "))") }
        for member in members where !known.contains(member.name) {
            throw wrong(name, "a table of \(known.joined(separator: " and "))")
        }
        return Dictionary(members.map { ($0.name, $0.value) }) { _, later in later }
    }
}
