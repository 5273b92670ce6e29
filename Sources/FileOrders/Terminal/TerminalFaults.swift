import Notation

/// What goes wrong on the terminal's side of the folder, each with its probability.
public struct TerminalFaults: Sendable, Hashable {
    /// Something that happens to terminals.
    public enum Fault: String, Sendable, CaseIterable {
        /// An order's next answer comes late.
        case delay
        /// An order or a cancel is refused for no reason of ours, before or after the counter took it.
        case reject
        /// An order is filled in parts, and not always to its end.
        case partial
        /// A write stops in the middle of a line; the rest comes later.
        case torn
        /// A growing file is cut to nothing and written anew.
        case truncate
        /// A growing file is replaced by another with the same rows.
        case rotate
        /// A row is written twice.
        case duplicate
        /// A row comes later than those that were written after it.
        case disorder
        /// The terminal hangs, and then takes everything at once.
        case silent
        /// The terminal dies, forgets what is not in its ledger, and comes back.
        case down
        /// The terminal is late in the morning.
        case lateStart = "late-start"
        /// The terminal acts on a line without its end.
        case eager

        /// What it does, and how often its probability counts.
        public var meaning: String {
            switch self {
            case .delay: "an answer comes late (each answer)"
            case .reject: "an order or cancel is refused, at once or later (each one)"
            case .partial: "an order is filled in parts, not always to its end (each fill)"
            case .torn: "half a line stands there for a while (each write)"
            case .truncate: "a file is cut and written anew (every 5 s)"
            case .rotate: "a file is replaced by another with the same rows (every 5 s)"
            case .duplicate: "a row is written twice (each row)"
            case .disorder: "a row comes later than its successors (each row)"
            case .silent: "the terminal hangs, then takes everything at once (every 5 s)"
            case .down: "the terminal dies and comes back (every 5 s)"
            case .lateStart: "the terminal is late in the morning (each day)"
            case .eager: "it acts on a line without its end (each look at one)"
            }
        }
    }

    private var probabilities: [Fault: Double] = [:]

    /// Nothing goes wrong.
    public init() {}

    /// `delay=0.1,torn=0.02`.
    public init(_ text: String) throws(TerminalError) {
        for word in text.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = word.split(separator: "=", omittingEmptySubsequences: false).map { trimmed($0) }
            guard parts.count == 2 else { throw TerminalError("\"\(word)\" is not FAULT=PROBABILITY, like torn=0.1.") }
            guard let fault = Fault(rawValue: parts[0]) else {
                let known = Fault.allCases.map(\.rawValue)
                let hint = nearest(to: parts[0], in: known).map { " Did you mean \($0)?" } ?? ""
                throw TerminalError("there is no fault \"\(parts[0])\", only \(known.joined(separator: ", ")).\(hint)")
            }
            guard let probability = Double(parts[1]), probability >= 0, probability <= 1 else {
                throw TerminalError("the probability of \(fault.rawValue) lies from 0 to 1, not at \"\(parts[1])\".")
            }
            if probabilities[fault] != nil { throw TerminalError("\(fault.rawValue) is named twice: name it once.") }
            probabilities[fault] = probability
        }
    }

    /// The probability of a fault.
    public subscript(fault: Fault) -> Double {
        get { probabilities[fault] ?? 0 }
        set { probabilities[fault] = newValue }
    }

    /// Draws whether it happens now. A fault that never happens draws nothing, so that the others stay as they were.
    func happens(_ fault: Fault, _ random: inout some RandomNumberGenerator) -> Bool {
        let probability = self[fault]
        return probability > 0 && Double.random(in: 0..<1, using: &random) < probability
    }
}

/// Why a terminal cannot be set up as it was told: a sentence.
public struct TerminalError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was wrong, where, and what to do.
    public let description: String

    init(_ description: String) { self.description = description }
}

/// The text without the spaces around it.
func trimmed(_ text: some StringProtocol) -> String {
    let start = text.drop { $0 == " " || $0 == "\t" }
    return String(start.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
}
