import Notation
import Storage

/// True if what a task's folder holds was traded on paper.
public func tradesOnPaper(_ folder: String, _ disk: any FileStore) throws -> Bool {
    try TradingBinding.read(in: folder, disk)?.gate == GateRack.paper
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

    /// Binds the folder, or says why this combination may not use it.
    func bind(_ folder: String, _ disk: any FileStore) throws -> String? {
        let bound = try Self.read(in: folder, disk)
        if bound == self { return nil }
        if let bound, bound.gate != gate || bound.account != account {
            return
                "this task is bound to \(bound.words), and would now trade with \(words): its orders and positions would"
                + " mix. Use another name, or --fresh to archive what it has and begin anew."
        }
        let json = JSON.object([
            .init("gate", .text(gate)), .init("account", .text(account)), .init("folder", .text(self.folder)),
        ])
        try disk.replaceFile(folder + "/" + Self.file, with: Array((json.compact + "\n").utf8), durable: true)
        return nil
    }

    /// True if another task trades with the same account in the same folder, whatever path leads there.
    func tradesBeside(_ other: TradingBinding?, _ disk: any FileStore) -> Bool {
        guard let other, other.gate == gate, other.account == account else { return false }
        if other.folder == folder { return true }
        guard let ours = try? disk.identity(of: folder), let theirs = try? disk.identity(of: other.folder) else {
            return false
        }
        return ours.isSameFile(as: theirs)
    }

    var words: String { account.isEmpty ? "the gate \(gate)" : "the gate \(gate), account \(masked)" }
    /// The account's last three digits: enough to tell it, too little to use it.
    var masked: String { "***" + account.suffix(3) }
}
