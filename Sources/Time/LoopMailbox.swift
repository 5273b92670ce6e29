import CSupport

/// Where other threads leave work for a loop: it is done in order, on the loop's thread.
///
/// A loop that really waits is woken by a byte in a pipe. The lock is held for a few instructions only.
public final class LoopMailbox: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    // Touched under the lock alone, which nobody can take twice.
    @exclusivity(unchecked) private var posted: [() -> Void] = []
    private var readEnd: Int32 = -1
    private var writeEnd: Int32 = -1

    init() {
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        if readEnd >= 0 {
            close(readEnd)
            close(writeEnd)
        }
        pthread_mutex_destroy(mutex)
        mutex.deinitialize(count: 1)
        mutex.deallocate()
    }

    /// Leaves work for the loop. From any thread, at any time; a loop that has ended never does it.
    public func post(_ action: @escaping @Sendable () -> Void) { add(action) }

    func add(_ action: @escaping () -> Void) {
        locked {
            posted.append(action)
            guard posted.count == 1, writeEnd >= 0 else { return }
            var byte: UInt8 = 0
            while write(writeEnd, &byte, 1) < 0, cs_errno() == EINTR {}
        }
    }

    /// Leaves unfinished work at the front again.
    func putBack(_ actions: ArraySlice<() -> Void>) {
        locked { posted.insert(contentsOf: actions, at: 0) }
    }

    var isEmpty: Bool { locked { posted.isEmpty } }

    /// All work left so far, or nothing.
    func takeAll() -> [() -> Void] {
        locked {
            guard !posted.isEmpty else { return [] }
            let all = posted
            posted = []
            return all
        }
    }

    /// Makes the pipe, and gives its read end; nil if the system has no descriptors left.
    func openPipe() -> Int32? {
        locked {
            var ends: [Int32] = [-1, -1]
            guard cs_pipe(&ends) == 0 else { return nil }
            for end in ends { _ = cs_fcntl(end, F_SETFL, O_NONBLOCK) }
            (readEnd, writeEnd) = (ends[0], ends[1])
            return readEnd
        }
    }

    /// Empties the pipe.
    func emptyPipe() {
        var bytes = [UInt8](repeating: 0, count: 64)
        while read(readEnd, &bytes, bytes.count) == bytes.count {}
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }
}
