import CSupport

/// One process and no other: its pid and when it was started. A pid alone may be somebody else's tomorrow.
///
/// It holds within one boot of the machine; whoever keeps it on disk keeps the boot's name beside it.
public struct ProcessIdentity: Hashable, Sendable {
    /// The process's number.
    public let pid: Int32
    /// When it was started, in the system's own unit.
    public let start: UInt64

    /// The process that has this pid now; nil if there is none, or one that has ended already.
    public static func of(_ pid: Int32) -> ProcessIdentity? {
        guard let entry = ProcessEntry.of(pid), !entry.isZombie else { return nil }
        return ProcessIdentity(pid: pid, start: entry.start)
    }

    /// This process.
    public static var current: ProcessIdentity { of(getpid()) ?? ProcessIdentity(pid: getpid(), start: 0) }

    /// Whether this process runs: one that has ended and only waits to be reaped does not.
    public var isAlive: Bool { ProcessIdentity.of(pid) == self }

    /// Sends a signal to this process and surely to no other. False if it is gone, or is not ours to signal.
    @discardableResult
    public func send(_ signal: Int32) -> Bool {
        // What is open cannot become another process between the look and the signal.
        let process = cs_process_open(pid)
        defer { if process >= 0 { close(process) } }
        guard isAlive else { return false }
        return process >= 0 ? cs_process_signal(process, signal) == 0 : kill(pid, signal) == 0
    }
}

extension ProcessIdentity: LosslessStringConvertible {
    /// `4711:145439`.
    public var description: String { "\(pid):\(start)" }

    /// An identity as `description` writes it.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let pid = Int32(parts[0]), pid > 0, let start = UInt64(parts[1]) else { return nil }
        self.init(pid: pid, start: start)
    }
}
