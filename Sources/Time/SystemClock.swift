import CSupport
import Market

/// The machine's own clock: the only one that asks the system for the time.
///
/// It waits in one `poll`. On Linux a timer descriptor on the wall clock ends the wait on time, at once when somebody
/// sets the clock, and never needlessly; elsewhere it looks at the clock once a second.
public final class SystemClock: MarketClock {
    private let timer: Int32
    private var armedFor: Int64?
    private var lastReading: ClockReading
    private var polled: [pollfd] = []

    /// How long to wait at most where no timer tells that the clock was set.
    private static let slice: Int64 = 1_000_000_000
    /// The year 2200, in place of no deadline: an armed timer is what tells that the clock was set.
    private static let farFuture: Int64 = 7_258_118_400_000_000_000

    /// The machine's clock.
    public init() {
        timer = cs_timer_create()
        lastReading = ClockReading.now()
        if timer >= 0 { _ = armTimer(for: Self.farFuture) }
    }

    deinit {
        if timer >= 0 { close(timer) }
    }

    /// The wall clock.
    public var now: Instant { Instant(nanoseconds: cs_wall_nanoseconds()) }
    /// The time since the machine's start, its sleep included.
    public var elapsed: TimeSpan { TimeSpan(nanoseconds: cs_elapsed_nanoseconds()) }
    /// Waiting on this clock costs time.
    public var isVirtual: Bool { false }

    /// Waits in the system.
    public func wait(until deadline: Instant?, watching watches: inout [Watch]) -> WakeUp {
        let due = deadline?.nanoseconds ?? Self.farFuture
        while true {
            if let move = readClocks() { return .clockMoved(move) }
            let isDue = due <= lastReading.wall
            let isReady = poll(&watches, until: due, from: lastReading.wall)
            if isDue { return .deadline }
            if isReady { return readClocks().map { .clockMoved($0) } ?? .ready }
        }
    }

    private func readClocks() -> ClockMove? {
        let reading = ClockReading.now()
        defer { lastReading = reading }
        return reading.move(since: lastReading)
    }

    /// Looks at the descriptors until one is ready or it is worth reading the clock again.
    private func poll(_ watches: inout [Watch], until due: Int64, from wall: Int64) -> Bool {
        if due <= wall, watches.isEmpty { return false }
        var timeout = due <= wall ? 0 : min(due - wall, Self.slice)
        polled.removeAll(keepingCapacity: true)
        for watch in watches {
            let events = watch.interest == .read ? POLLIN : POLLOUT
            polled.append(pollfd(fd: watch.descriptor, events: Int16(events), revents: 0))
        }
        if timer >= 0, due > wall {
            timeout = armTimer(for: min(due, Self.farFuture)) ?? timeout
            polled.append(pollfd(fd: timer, events: Int16(POLLIN), revents: 0))
        }
        let count = cs_poll(&polled, polled.count, timeout)
        var isReady = false
        for index in watches.indices {
            watches[index].isReady = count > 0 && polled[index].revents != 0
            isReady = isReady || watches[index].isReady
        }
        // A timer that has fired stays readable until it is armed again.
        if count > 0, polled.count > watches.count, polled[watches.count].revents != 0 { armedFor = nil }
        return isReady
    }

    /// How long to wait beside the armed timer; nil if it cannot be armed.
    private func armTimer(for wall: Int64) -> Int64? {
        if armedFor == wall { return -1 }
        let error = cs_timer_arm(timer, wall)
        armedFor = error == 0 ? wall : nil
        // ECANCELED: the clock has been set since it was armed last, so first read the clocks again.
        return error == 0 ? -1 : error == ECANCELED ? 0 : nil
    }
}

extension SystemClock {
    /// What this boot of the machine is called: another one after each start of the machine, the same for everybody
    /// until then.
    public static func bootID() -> String {
        var buffer = [CChar](repeating: 0, count: 64)
        let length = cs_read_file("/proc/sys/kernel/random/boot_id", &buffer, buffer.count)
        if length <= 0, cs_boot_session(&buffer, buffer.count) != 0 {
            // Another name at worst for the same boot, and that is the safe side.
            return "boot\(bootTime.nanoseconds / 1_000_000_000)"
        }
        let digits = buffer.lazy.map { UInt8(bitPattern: $0) }.filter { ($0 | 0x20).isHexDigit }
        return String(decoding: digits.prefix(16), as: UTF8.self)
    }

    /// When the machine was started, by today's wall clock.
    public static var bootTime: Instant {
        let reading = ClockReading.now()
        return Instant(nanoseconds: reading.wall - reading.elapsed)
    }
}

extension UInt8 {
    fileprivate var isHexDigit: Bool { (0x30...0x39).contains(self) || (0x61...0x66).contains(self) }
}
