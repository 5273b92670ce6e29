import Market
import Notation
import Storage
import Time

/// Keeps `status.json`: written whole and replaced, without flushes, for the file is derived from what the processes
/// themselves know. A worker that begins and ends one activity after the other has it written once in 50 ms; any other
/// change of state is there at once.
final class StatusFile {
    private let path: String
    private let disk: any FileStore
    private let loop: EventLoop
    private var lastWrite: Instant?
    private var pending: LoopTimer?
    private let pause = TimeSpan.milliseconds(50)

    /// The status as it stands; each change finds its way to the file by itself.
    var status: TaskStatus {
        didSet { if status != oldValue { changed(from: oldValue.state) } }
    }

    init(path: String, disk: any FileStore, loop: EventLoop, status: TaskStatus) {
        self.path = path
        self.disk = disk
        self.loop = loop
        self.status = status
    }

    /// Writes what has not been written yet. A disk that refuses is no reason to stop: the next change tries again.
    func writeNow() {
        if let pending { loop.cancel(pending) }
        pending = nil
        lastWrite = loop.clock.now
        var bytes: [UInt8] = []
        status.json.append(to: &bytes)
        bytes.append(UInt8(ascii: "\n"))
        try? disk.replaceFile(path, with: bytes, durable: false)
    }

    /// The task is gone without a trace to show.
    func remove() {
        if let pending { loop.cancel(pending) }
        pending = nil
        try? disk.remove(path)
    }

    private func changed(from old: TaskStatus.State) {
        let isRoutine = status.state == old || (status.state.isHealthy && old.isHealthy)
        guard isRoutine else { return writeNow() }
        guard pending == nil else { return }
        if let lastWrite, loop.clock.now - lastWrite < pause, loop.clock.now >= lastWrite {
            pending = loop.after(pause) { [weak self] in self?.writeNow() }
        } else {
            writeNow()
        }
    }
}
