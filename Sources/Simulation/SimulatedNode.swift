import Storage

/// A file or folder of a `SimulatedDisk`: how it looks to programs, and what a power cut would leave of it.
final class SimulatedNode {
    let number: UInt64
    let isFolder: Bool
    var modified: Int64
    /// The opening that holds the lock.
    var lockedBy: Int32?

    private(set) var content: [UInt8] = []
    private var flushedContent: [UInt8] = []
    /// Up to here the flushed content has not been cut since.
    private var untouched = 0

    private(set) var entries: [String: SimulatedNode] = [:]
    private var flushedEntries: [String: SimulatedNode] = [:]
    /// The changes since the last flush; each happens as a whole or not at all.
    private var pending: [FolderChange] = []

    typealias FolderChange = [(name: String, node: SimulatedNode?)]

    init(number: UInt64, isFolder: Bool, made: Int64 = 0) {
        self.number = number
        self.isFolder = isFolder
        modified = made
    }

    var identity: FileIdentity {
        FileIdentity(
            device: 1, inode: number, size: content.count, modified: modified, changed: modified,
            isFolder: isFolder)
    }

    func append(_ bytes: some Collection<UInt8>) { content += bytes }

    func truncate(to size: Int) {
        content.removeLast(max(content.count - size, 0))
        content += repeatElement(0, count: size - content.count)
        untouched = min(untouched, size)
    }

    func flushContent() {
        flushedContent = content
        untouched = content.count
    }

    func change(_ change: FolderChange) {
        for (name, node) in change { entries[name] = node }
        pending.append(change)
    }

    func flushNames() {
        flushedEntries = entries
        pending = []
    }

    /// What a power cut leaves, here and below. All of it has reached the disk, so it counts as flushed.
    func losePower(_ random: inout SeededRandom) {
        for change in pending.prefix(Int.random(in: 0...pending.count, using: &random)) {
            for (name, node) in change { flushedEntries[name] = node }
        }
        entries = flushedEntries
        pending = []
        content = survivingContent(&random)
        flushContent()
        for (_, node) in entries.sorted(by: { $0.key < $1.key }) { node.losePower(&random) }
    }

    private func survivingContent(_ random: inout SeededRandom) -> [UInt8] {
        if untouched < flushedContent.count, random.oneIn(2) { return flushedContent }
        let tail = content[untouched...]
        let survivors = tail.prefix(Int.random(in: 0...tail.count, using: &random))
        // The new length may have been noted before the bytes were.
        let zeros = random.oneIn(4) ? tail.count - survivors.count : 0
        return Array(content[..<untouched] + survivors) + repeatElement(0, count: zeros)
    }
}
