import Market
import Storage

/// The files of a folder that simulated terminals have written, kept in a file of the folder itself. Any other file of a
/// terminal's side is a real terminal's, or was made by hand: a simulated one never works beside it, for what it writes
/// would be taken for true.
public final class TerminalClaim {
    /// The name of the file in the folder.
    public static let fileName = ".run_terminal"

    /// Writes the claim down, before any file that stands in it is written.
    public var keep: (_ note: String) throws(DiskError) -> Void = { _ in }

    private let settings: TerminalSettings
    private let store: any FileStore
    private let day: Day
    /// The files' numbers on their disk by their names; nil for one that is about to be made.
    private var files: [String: UInt64?] = [:]
    /// When a simulated terminal last wrote here, by the folder's clock.
    private let lastWrite: Instant?

    /// So many days back files are looked at: a folder where nothing has happened for longer is nobody's.
    private static let days = 30
    /// The claim is written before the files, and the disk may be slow: what is newer by more is not ours.
    private static let slack = TimeSpan.seconds(2)
    private static let longestNote = 1 << 20

    /// The claim of earlier terminals to the folder of these settings, as it is read on a trading day.
    public init(_ settings: TerminalSettings, store: any FileStore, on day: Day) throws(DiskError) {
        self.settings = settings
        self.store = store
        self.day = day
        let path = "\(settings.folder)/\(Self.fileName)"
        lastWrite = try store.identity(of: path).map { Instant(nanoseconds: $0.modified) }
        let note = String(decoding: try store.readFile(path, limit: Self.longestNote) ?? [], as: UTF8.self)
        for line in note.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            guard words.count == 2, layout(of: words[0]) != nil else { continue }
            files[words[0]] = .some(UInt64(words[1]))
        }
    }

    /// Why no simulated terminal may work in the folder; nil if one may.
    public func objection() throws(DiskError) -> String? {
        for name in try store.list(settings.folder) {
            guard let layout = layout(of: name) else { continue }
            let path = "\(settings.folder)/\(name)"
            guard let identity = try store.identity(of: path) else { continue }
            let advice = "Name another folder; or, if no real terminal works here, move the file away."
            guard isOurs(name, identity) else {
                return
                    "\(path) was not written by a simulated terminal, and one never works where a real one may. \(advice)"
            }
            guard name == layout.name(on: day), layout.hasHeader, !layout.endsWithEmptyRow else { continue }
            let header = Array(layout.header.utf8)
            let start = try store.readFile(path)?.prefix(header.count) ?? []
            if !header.starts(with: start) {
                return "\(path) does not begin with the header \(layout.header): somebody has written to it. \(advice)"
            }
        }
        return nil
    }

    private func isOurs(_ name: String, _ identity: FileIdentity) -> Bool {
        guard let known = files[name], known == nil || known == identity.inode, let lastWrite else { return false }
        return Instant(nanoseconds: identity.modified) - lastWrite <= Self.slack
    }

    /// What a file of the terminal's side holds, if it is one of the last days.
    private func layout(of name: String) -> FileLayout? {
        let format = settings.format
        return [format.results, format.reports, format.assets, format.positions].compactMap { $0 }.first { layout in
            if !layout.isDaily { return name == layout.name(on: day) }
            guard name.hasPrefix(layout.stem) else { return false }
            return (-1...Self.days).contains(where: { name == layout.name(on: day - $0) })
        }
    }

    // MARK: Working there

    /// This file is going to be made, or made `anew`, or written to.
    func announce(_ path: String, anew: Bool = false) throws(DiskError) {
        let name = name(path)
        if anew || files[name] == nil { files[name] = .some(nil) }
        try keep(note)
    }

    /// This is the file that was announced.
    func take(_ path: String, _ identity: FileIdentity) throws(DiskError) {
        if files[name(path)] == identity.inode { return }
        files[name(path)] = identity.inode
        try keep(note)
    }

    private func name(_ path: String) -> String { String(path.dropFirst(settings.folder.utf8.count + 1)) }

    private var note: String {
        "The files here that a simulated terminal (jqtrade run_terminal) has written, and their numbers:\n"
            + files.sorted { $0.key < $1.key }.map { "\($0) \($1.map(String.init) ?? "-")\n" }.joined()
    }
}
