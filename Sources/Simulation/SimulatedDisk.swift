import CSupport
import Market
import Storage
import Time

/// A disk in memory, as one program sees it: it knows what was flushed and forgets the rest in a power cut, it fails as
/// it is told to, and other programs may work on it at the same time.
///
/// Content is safe after `flush` and names are safe after `flushFolder`, each on its own: real file systems promise
/// more, so what survives here survives there. All that happens follows from the calls, the faults and the seeds.
public final class SimulatedDisk: FileStore {
    /// What shall go wrong for one program; its operations are counted from 0.
    public struct Faults {
        /// These operations fail with this `errno` and do nothing.
        public var failures: [Int: Int32] = [:]
        /// These appends take only so many bytes.
        public var shortWrites: [Int: Int] = [:]
        /// The disk is full once so many bytes have been added to it in all.
        public var capacity: Int?
        /// The program dies before this operation: it and all later ones throw `SimulatedDisk.stopped`.
        public var stopAt: Int?
        /// What `tryLock` is worth.
        public var locking = Locking.works
        /// Whether it is a disk of this machine.
        public var isLocal = true
    }

    /// What locks are worth on a disk; on some network shares, nothing.
    public enum Locking {
        /// One holder at a time.
        case works
        /// Everybody gets it.
        case doesNothing
        /// It fails with this `errno`.
        case fails(Int32)
    }

    /// The `errno` of a program that has died; no system uses it.
    public static let stopped: Int32 = -1

    /// What shall go wrong from now on.
    public var faults: Faults {
        get { program.faults }
        set { program.faults = newValue }
    }
    /// Called before each operation of this program, once it is counted: here time passes on a slow disk, and others
    /// write meanwhile.
    public var beforeOperation: ((DiskOperation, String) -> Void)?
    /// The time that the disk's files are dated with, in nanoseconds since 1970; without a clock, changes are counted.
    public var clock: (() -> Int64)? {
        get { platter.clock }
        set { platter.clock = newValue }
    }
    /// The program's operations so far in order, also those that failed; `close` is none, for it cannot.
    public private(set) var log: [(operation: DiskOperation, path: String)] = []

    private let platter: Platter
    private let program = Program()

    private final class Program {
        var faults = Faults()
    }

    private struct Opening {
        let node: SimulatedNode
        let writes: Bool
        let program: Program
    }

    /// What all programs share.
    private final class Platter {
        let root = SimulatedNode(number: 0, isFolder: true)
        var clock: (() -> Int64)?
        var programs: [Program] = []
        var openings: [Int32: Opening] = [:]
        var lastToken: Int32 = 0
        var lastNode: UInt64 = 0
        var bytesAdded = 0
        var changes: Int64 = 0

        /// The moment of a change to a file, by the disk's clock; without one, changes are counted.
        func stamp() -> Int64 {
            changes += 1
            return clock?() ?? changes
        }
    }

    private init(_ platter: Platter) {
        self.platter = platter
        platter.programs.append(program)
    }

    /// An empty disk, with no folder but `/`.
    public convenience init() { self.init(Platter()) }

    /// Lets each operation of this program take so long on the clock, as on a slow share; files are dated by it.
    public func takeTime(_ span: TimeSpan, on clock: VirtualClock) {
        self.clock = { clock.now.nanoseconds }
        beforeOperation = { _, _ in clock.pass(span) }
    }

    /// The same disk as another program sees it, with faults and a count of operations of its own.
    public func forAnotherProgram() -> SimulatedDisk { SimulatedDisk(platter) }

    /// The number of operations so far, which is the number of the next one.
    public var operations: Int { log.count }

    /// This program dies and the others go on: what it had open is closed and unlocked, all that it wrote is there. Its
    /// faults stay, but for `stopAt`; the next program to start may use the same view.
    public func endProgram() {
        for (token, opening) in platter.openings where opening.program === program { close(token) }
        program.faults.stopAt = nil
    }

    /// All programs die; with `losingUnflushed` the power goes. What was open is closed and unlocked. Of the content not
    /// flushed a random beginning survives, sometimes with zeros behind it, and of a folder's changes a random first few.
    /// Faults stay, but for `stopAt`.
    public func crash(losingUnflushed: Bool, seed: UInt64) {
        for token in platter.openings.keys { close(token) }
        for program in platter.programs { program.faults.stopAt = nil }
        var random = SeededRandom(seed: seed)
        if losingUnflushed { platter.root.losePower(&random) }
    }

    private func close(_ token: Int32) {
        guard let node = platter.openings.removeValue(forKey: token)?.node else { return }
        if node.lockedBy == token { node.lockedBy = nil }
    }
}

// MARK: - Open files

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension SimulatedDisk {
    public func open(_ path: String, _ mode: OpenMode) throws(DiskError) -> OpenFile {
        try begin(.open, path)
        let (folder, name) = try place(of: path, .open)
        let existing = folder.entries[name]
        if existing != nil, mode.mustMake { throw DiskError(.open, path, code: EEXIST) }
        if existing?.isFolder == true, mode != .read { throw DiskError(.open, path, code: EISDIR) }
        if existing == nil, mode == .read || mode == .append { throw DiskError(.open, path, code: ENOENT) }
        let node = if let existing { existing } else { try add(path, isFolder: false, .open) }
        platter.lastToken += 1
        platter.openings[platter.lastToken] = Opening(node: node, writes: mode != .read, program: program)
        return OpenFile(token: platter.lastToken, path: path)
    }

    public func close(_ file: OpenFile) {
        // Who is dead closes nothing; what it had open may be another's by now.
        if platter.openings[file.token]?.program === program { close(file.token) }
    }

    public func size(of file: OpenFile) throws(DiskError) -> Int { try begin(.size, file).content.count }

    public func read(_ file: OpenFile, at offset: Int, count: Int) throws(DiskError) -> [UInt8] {
        let node = try begin(.read, file)
        if count <= 0 { return [] }
        if node.isFolder || offset < 0 { throw DiskError(.read, file.path, code: node.isFolder ? EISDIR : EINVAL) }
        return Array(node.content.dropFirst(offset).prefix(count))
    }

    public func append(_ bytes: [UInt8], to file: OpenFile) throws(DiskError) -> Int {
        let number = operations
        let node = try begin(.append, file, writing: true)
        var room = faults.shortWrites[number] ?? bytes.count
        if let capacity = faults.capacity { room = min(room, max(capacity - platter.bytesAdded, 0)) }
        let taken = min(room, bytes.count)
        if taken == 0, !bytes.isEmpty { throw DiskError(.append, file.path, code: ENOSPC) }
        node.append(bytes.prefix(taken))
        node.modified = platter.stamp()
        platter.bytesAdded += taken
        return taken
    }

    public func truncate(_ file: OpenFile, to size: Int) throws(DiskError) {
        let node = try begin(.truncate, file, writing: true)
        guard size >= 0 else { throw DiskError(.truncate, file.path, code: EINVAL) }
        node.truncate(to: size)
        node.modified = platter.stamp()
    }

    public func flush(_ file: OpenFile) throws(DiskError) { try begin(.flush, file).flushContent() }

    public func identity(of file: OpenFile) throws(DiskError) -> FileIdentity { try begin(.identify, file).identity }

    public func tryLock(_ file: OpenFile) throws(DiskError) -> Bool {
        let node = try begin(.lock, file)
        switch faults.locking {
        case .works:
            guard node.lockedBy == nil || node.lockedBy == file.token else { return false }
            node.lockedBy = file.token
            return true
        case .doesNothing: return true
        case .fails(let code): throw DiskError(.lock, file.path, code: code)
        }
    }

    public func unlock(_ file: OpenFile) throws(DiskError) {
        let node = try begin(.unlock, file)
        if node.lockedBy == file.token { node.lockedBy = nil }
    }

    public func isLocal(_ path: String) -> Bool { faults.isLocal }
}

// MARK: - Names

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension SimulatedDisk {
    public func rename(_ path: String, to newPath: String) throws(DiskError) {
        try begin(.rename, path)
        let (parent, name) = try place(of: path, .rename)
        let (newParent, newName) = try place(of: newPath, .rename)
        guard let node = parent.entries[name] else { throw DiskError(.rename, path, code: ENOENT) }
        if parent === newParent {
            parent.change([(name, nil), (newName, node)])
        } else {
            newParent.change([(newName, node)])
            parent.change([(name, nil)])
        }
    }

    public func remove(_ path: String) throws(DiskError) {
        try begin(.remove, path)
        let (parent, name) = try place(of: path, .remove)
        guard let node = parent.entries[name] else { throw DiskError(.remove, path, code: ENOENT) }
        if !node.entries.isEmpty { throw DiskError(.remove, path, code: ENOTEMPTY) }
        parent.change([(name, nil)])
    }

    public func makeOneFolder(_ path: String) throws(DiskError) {
        try begin(.makeFolder, path)
        if find(path) != nil { throw DiskError(.makeFolder, path, code: EEXIST) }
        _ = try add(path, isFolder: true, .makeFolder)
    }

    public func list(_ folder: String) throws(DiskError) -> [String] {
        try begin(.list, folder)
        return try self.folder(folder, .list).entries.keys.sorted()
    }

    public func flushFolder(_ folder: String) throws(DiskError) {
        try begin(.flushFolder, folder)
        try self.folder(folder, .flushFolder).flushNames()
    }

    public func identity(of path: String) throws(DiskError) -> FileIdentity? {
        try begin(.identify, path)
        return find(path)?.identity
    }
}

// MARK: - What all operations share

extension SimulatedDisk {
    /// Counts an operation and lets it fail if it shall.
    private func begin(_ operation: DiskOperation, _ path: String) throws(DiskError) {
        let number = operations
        if let stopAt = faults.stopAt, number >= stopAt { throw DiskError(operation, path, code: Self.stopped) }
        log.append((operation, path))
        if let beforeOperation {
            // What others do meanwhile is not another operation of the same caller.
            self.beforeOperation = nil
            beforeOperation(operation, path)
            self.beforeOperation = beforeOperation
        }
        if let code = faults.failures[number] { throw DiskError(operation, path, code: code) }
    }

    private func begin(
        _ operation: DiskOperation, _ file: OpenFile, writing: Bool = false
    ) throws(DiskError) -> SimulatedNode {
        try begin(operation, file.path)
        guard let opening = platter.openings[file.token], opening.program === program, opening.writes || !writing else {
            throw DiskError(operation, file.path, code: operation == .truncate ? EINVAL : EBADF)
        }
        return opening.node
    }

    private func find(_ path: String) -> SimulatedNode? { find(names(in: path)[...]) }

    private func find(_ names: ArraySlice<String>) -> SimulatedNode? {
        names.reduce(platter.root) { (node: SimulatedNode?, name) in node?.entries[name] }
    }

    private func names(in path: String) -> [String] {
        path.utf8.split(separator: UInt8(ascii: "/")).map { String(decoding: $0, as: UTF8.self) }
    }

    private func folder(_ path: String, _ operation: DiskOperation) throws(DiskError) -> SimulatedNode {
        try self.folder(find(path), path, operation)
    }

    private func folder(
        _ node: SimulatedNode?, _ path: String, _ operation: DiskOperation
    ) throws(DiskError) -> SimulatedNode {
        guard let node else { throw DiskError(operation, path, code: ENOENT) }
        if !node.isFolder { throw DiskError(operation, path, code: ENOTDIR) }
        return node
    }

    /// The folder that a path lies in, which must exist, and its name there.
    private func place(
        of path: String, _ operation: DiskOperation
    ) throws(DiskError) -> (folder: SimulatedNode, name: String) {
        let names = names(in: path)
        guard let name = names.last else { throw DiskError(operation, path, code: EBUSY) }
        return (try folder(find(names.dropLast()), path, operation), name)
    }

    private func add(_ path: String, isFolder: Bool, _ operation: DiskOperation) throws(DiskError) -> SimulatedNode {
        let (parent, name) = try place(of: path, operation)
        platter.lastNode += 1
        let node = SimulatedNode(number: platter.lastNode, isFolder: isFolder, made: platter.stamp())
        parent.change([(name, node)])
        return node
    }
}
