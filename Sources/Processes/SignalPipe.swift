import CSupport

/// Signals as something to read: each comes out of a descriptor, in order, when the loop gets to it.
///
/// The handlers stay real ones, never "ignore", which programs that we start would inherit. SIGPIPE is taken as the
/// error that the write returns anyway, and never comes out. There is at most one pipe for a signal at a time.
public final class SignalPipe {
    /// Becomes readable when a signal has come.
    public let descriptor: Int32
    private let writeEnd: Int32
    private let signals: [Int32]
    private var seen = cs_signals_seen()

    /// Takes over these signals until the pipe is released.
    public init(_ signals: [Int32]) throws(SystemError) {
        let (readEnd, writeEnd) = try makePipe()
        descriptor = readEnd
        self.writeEnd = writeEnd
        self.signals = signals
        // A handler must never wait, even if somebody sends more signals than anybody reads.
        setNonBlocking(readEnd)
        setNonBlocking(writeEnd)
        for signal in signals where cs_signal_to_descriptor(signal, signal == SIGPIPE ? -1 : writeEnd) != 0 {
            throw SystemError("listen to signal \(signal)")
        }
    }

    deinit {
        for signal in signals { cs_signal_default(signal) }
        close(descriptor)
        close(writeEnd)
    }

    /// Whether `next` may have something: asking costs next to nothing, so that a busy loop may ask often.
    public var mayHaveNews: Bool { cs_signals_seen() != seen }

    /// The next signal that has come, or nil.
    public func next() -> Int32? {
        seen = cs_signals_seen()
        var signal: UInt8 = 0
        while true {
            let count = read(descriptor, &signal, 1)
            if count == 1 { return Int32(signal) }
            if count == 0 || cs_errno() != EINTR { return nil }
        }
    }
}

/// Whether whoever started this process wants it to ignore a signal: `nohup` does so with SIGHUP.
public func isIgnored(_ signal: Int32) -> Bool { cs_signal_is_ignored(signal) }
