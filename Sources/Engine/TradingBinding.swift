import Notation
import Storage

/// True if what a task's folder holds was traded on paper.
public func tradesOnPaper(_ folder: String, _ disk: any FileStore) throws -> Bool {
    try TradingBinding.read(in: folder, disk)?.gate == GateRack.paper
}

extension FileStore {
    /// True if both paths lead to one folder.
    func isSameFolder(_ one: String, _ other: String) throws -> Bool {
        if one == other { return true }
        guard let first = try identity(of: one), let second = try identity(of: other) else { return false }
        return first.isSameFile(as: second)
    }
}

/// What a task trades with, fixed at its first start: paper and live never mix in one task's folder.
struct TradingBinding: Equatable {
    /// `paper`, or the gate's name.
    let gate: String
    /// The account at the broker; empty on paper.
    let account: String
    /// The order folder of the last start; empty for a gate without one. It may move, the account may not.
    let folder: String

    private static let file = "binding.json"

    /// The binding of a task's folder; nil before its first start.
    static func read(in folder: String, _ disk: any FileStore) throws -> TradingBinding? {
        guard let bytes = try disk.readFile(folder + "/" + file) else { return nil }
        let json = try JSON(parsing: bytes)
        guard let gate = json["gate"]?.string, let account = json["account"]?.string else { return nil }
        return TradingBinding(gate: gate, account: account, folder: json["folder"]?.string ?? "")
    }

    /// Why this combination may not use a task's folder, which is bound to another; nil if it may.
    func misfit(_ bound: TradingBinding?) -> String? {
        guard let bound, bound.gate != gate || bound.account != account else { return nil }
        let other = bound.words == words ? "another one, which ends alike" : words
        return
            "this task is bound to \(bound.words), and would now trade with \(other): its orders and positions would"
            + " mix. Use another name, or --fresh to archive what it has and begin anew."
    }

    /// Binds the folder.
    func bind(_ folder: String, _ disk: any FileStore) throws {
        if try Self.read(in: folder, disk) == self { return }
        let json = JSON.object([
            .init("gate", .text(gate)), .init("account", .text(account)), .init("folder", .text(self.folder)),
        ])
        try disk.replaceFile(folder + "/" + Self.file, with: Array((json.compact + "\n").utf8), durable: true)
    }

    /// True if the order folder is another one than before, and not only called otherwise.
    func hasMoved(from bound: TradingBinding?, _ disk: any FileStore) -> Bool {
        guard let bound, !bound.folder.isEmpty, bound.folder != folder else { return false }
        return (try? disk.isSameFolder(bound.folder, folder)) != true
    }

    /// True if another task trades with the same account in the same folder, whatever path leads there.
    func tradesBeside(_ other: TradingBinding?, _ disk: any FileStore) -> Bool {
        guard let other, other.gate == gate, other.account == account else { return false }
        return (try? disk.isSameFolder(other.folder, folder)) == true
    }

    var words: String { account.isEmpty ? "the gate \(gate)" : "the gate \(gate), account \(masked)" }
    /// The account's last three digits: enough to tell it, too little to use it.
    var masked: String { "***" + account.suffix(3) }
}
