import Market

/// What a day's journal of slots remembers.
public enum SlotRecord: Hashable, Sendable {
    /// A worker began.
    case started(WorkerStart, at: Instant)
    /// The task was asked to stop.
    case stopped(at: Instant)
    /// The clock was set back.
    case clockSet(at: Instant)
    /// A slot's state changed.
    case slot(SlotKey, SlotState)
}

/// How a worker begins.
public enum WorkerStart: String, Hashable, Sendable {
    /// For the first time, or after a requested stop: the slots before it are skipped.
    case fresh
    /// After a crash, a kill or a power cut: the slots before it are judged one by one.
    case continuing
}

/// What tells a slot from all others in a day's journal, even if the strategy has changed since.
public struct SlotKey: Hashable, Sendable {
    /// When it is due.
    public let at: Instant
    /// The time as the strategy wrote it.
    public let time: String
    /// The job's name; a second job of the same name and time has a number after it.
    public let job: String

    /// True if the slot is one of the job with this name, whatever its time.
    public func isOf(job name: String) -> Bool { job == name || job.hasPrefix(name + "#") }

    /// A slot of a journal.
    public init(at: Instant, time: String, job: String) {
        self.at = at
        self.time = time
        self.job = job
    }
}

extension SlotRecord {
    /// The record as one line of text: `running 2026-11-20T01:30:00Z every_minute do_order`.
    public func encode() -> [UInt8] { Array(text.utf8) }

    private var text: String {
        switch self {
        case .started(let start, let at): "started:\(start.rawValue) \(at.utc)"
        case .stopped(let at): "stopped \(at.utc)"
        case .clockSet(let at): "clock_set \(at.utc)"
        case .slot(let key, let state): "\(state.journalWord) \(key.at.utc) \(key.time) \(key.job)"
        }
    }

    /// The record that `encode` wrote; nil for any other bytes.
    public init?(decoding bytes: some Sequence<UInt8>) {
        guard let text = String(validating: Array(bytes), as: UTF8.self) else { return nil }
        let words = text.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
        guard words.count >= 2, let at = Instant(utc: words[1]) else { return nil }
        switch (words[0], words.count) {
        case ("started:fresh", 2): self = .started(.fresh, at: at)
        case ("started:continuing", 2): self = .started(.continuing, at: at)
        case ("stopped", 2): self = .stopped(at: at)
        case ("clock_set", 2): self = .clockSet(at: at)
        case (_, 4):
            guard let state = SlotState(journalWord: words[0]) else { return nil }
            self = .slot(SlotKey(at: at, time: String(words[2]), job: String(words[3])), state)
        default: return nil
        }
    }
}

extension SlotState {
    fileprivate var journalWord: String {
        switch self {
        case .planned, .running, .done: word
        case .failed(let failure): "\(word):\(failure.rawValue)"
        case .missed(let miss): "\(word):\(miss.rawValue)"
        case .skipped(let skip): "\(word):\(skip.rawValue)"
        }
    }

    fileprivate init?(journalWord: Substring) {
        let parts = journalWord.split(separator: ":", maxSplits: 1)
        guard let word = parts.first else { return nil }
        let reason = parts.count == 2 ? String(parts[1]) : ""
        switch word {
        case "running" where reason.isEmpty: self = .running
        case "done" where reason.isEmpty: self = .done
        case "failed":
            guard let failure = Failure(rawValue: reason) else { return nil }
            self = .failed(failure)
        case "missed":
            guard let miss = Miss(rawValue: reason) else { return nil }
            self = .missed(miss)
        case "skipped":
            guard let skip = Skip(rawValue: reason) else { return nil }
            self = .skipped(skip)
        default: return nil
        }
    }
}
