import Accounts
import Market
import Notation
import Storage

/// What a task writes in the folder that it remembers things in: nothing else there is its own.
public let memoryNames = ["binding.json", "state.json", "slots", "orders", "gate", "paper"]

/// The folder that the last run of a task traded from, as its folder in the home notes it; nil where that is the home's own.
public func notedFolder(in home: String, _ disk: any FileStore) throws -> String? {
    try disk.readFile(home + memoryNote).map { String(decoding: $0, as: UTF8.self) }
}

private let memoryNote = "/runtime_dir"

/// Where a task remembers things: in the home, or where the option `runtime_dir` says. What the last run remembered elsewhere
/// is not forgotten by naming another folder.
extension StrategyRun {
    /// Binds the folder of this run, and notes in the home which it is.
    func bind(_ binding: TradingBinding, _ folder: String) throws {
        try setting.disk.makeFolder(folder)
        try binding.bind(folder, setting.disk)
        guard let home = setting.folder, try notedFolder(in: home, setting.disk) ?? home != folder else { return }
        try setting.disk.replaceFile(home + memoryNote, with: Array(folder.utf8), durable: true)
    }

    /// What is wrong with leaving what the last run remembers; nil if nothing is left, or nothing is wrong with it.
    func problemOfMemory(_ binding: TradingBinding, _ hours: MarketHours) throws -> String? {
        guard let home = setting.folder, let folder = runFolder,
            let former = try notedFolder(in: home, setting.disk) ?? scheduledFolder(home)
        else { return nil }
        guard let bound = try TradingBinding.read(in: former, setting.disk) else {
            return
                "what this task has traded is remembered in \(former), and nothing of it is there: mount it, or put it back. To"
                + " begin anew, use another name, or --fresh, which forgets it."
        }
        if try setting.disk.isSameFolder(former, folder) { return nil }
        if let problem = binding.misfit(bound) { return problem }
        let left = try OrderHistory.maybeOpen(
            taskFolder: former, disk: setting.disk, hours: hours, now: loop.clock.now)
        if left.isEmpty { return nil }
        let orders =
            left.count == 1 ? "1 order that may still be open is" : "\(left.count) orders that may still be open are"
        return
            "what this task remembers would be in \(folder) now (runtime_dir), and \(orders) known in"
            + " \(former) alone: \(left.map(\.id).joined(separator: ", ")). Start it with that runtime_dir until they are done or"
            + " canceled. To begin at once, use another name, or --fresh, which forgets them."
    }

    /// Where no folder was noted: that of the last schedule, or the home, if a task was bound there.
    private func scheduledFolder(_ home: String) throws -> String? {
        let bytes = try setting.disk.readFile(home + "/schedule.json")
        let scheduled = bytes.flatMap { try? JSON(parsing: $0) }?["folder"]?.string
        return try [scheduled, home].compactMap { $0 }.first { try TradingBinding.read(in: $0, setting.disk) != nil }
    }
}
