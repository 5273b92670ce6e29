import Market

/// One run of one job: on this trading day, at this instant.
public struct Slot: Hashable, Sendable {
    /// The trading day that it belongs to; a night session's is that of the next morning.
    public let day: Day
    /// When it is due.
    public let at: Instant
    /// The job, by its place in the timetable.
    public let job: Int
}

/// What has become of a slot.
public enum SlotState: Hashable, Sendable {
    /// It has not come yet.
    case planned
    /// Its job has begun; it is never run again.
    case running
    /// Its job has ended.
    case done
    /// Its job has begun and has not ended well.
    case failed(Failure)
    /// It did not run, against the plan.
    case missed(Miss)
    /// It did not run, as the plan says.
    case skipped(Skip)

    /// How a job failed.
    public enum Failure: String, Sendable {
        /// It threw an error.
        case error
        /// The worker ended while it ran.
        case interrupted
    }

    /// Why a slot was missed.
    public enum Miss: String, Sendable {
        /// It came too late for its grace.
        case late
        /// The session it lies in ended before it could run.
        case sessionEnded = "session_ended"
        /// The machine was started after it: whether it ran before cannot be told.
        case beforeBoot = "before_boot"
    }

    /// Why a slot was skipped.
    public enum Skip: String, Sendable {
        /// A later slot of the same job is due as well.
        case superseded
        /// The task was first started, or started after a requested stop, later.
        case beforeStart = "before_start"
        /// The task was asked to stop before it could run.
        case stopped
        /// Its job ended the worker earlier on that day.
        case suspended
    }

    /// True for `running`, `done` and `failed`: the job has begun, which nothing undoes. A slot before the machine's
    /// start may have run without a record, so that holds as well.
    public var isFinal: Bool {
        switch self {
        case .running, .done, .failed, .missed(.beforeBoot): true
        case .planned, .missed, .skipped: false
        }
    }

    /// True for the states that are verdicts on a clock: if it goes back before the slot, the slot is planned again.
    public var isVerdict: Bool { self != .planned && !isFinal }

    /// The state's word: `planned running done failed missed skipped`.
    public var word: String {
        switch self {
        case .planned: "planned"
        case .running: "running"
        case .done: "done"
        case .failed: "failed"
        case .missed: "missed"
        case .skipped: "skipped"
        }
    }

    /// Why, for the states that have a reason.
    public var reason: String? {
        switch self {
        case .planned, .running, .done: nil
        case .failed(let failure): failure == .error ? "it threw an error" : "the worker ended while it ran"
        case .missed(.late): "it was later than its grace allows"
        case .missed(.sessionEnded): "its session ended before it could run"
        case .missed(.beforeBoot): "it was due before the machine was started"
        case .skipped(.superseded): "a later slot of the same job is due as well"
        case .skipped(.beforeStart): "it was due before the task was started"
        case .skipped(.stopped): "the task was asked to stop"
        case .skipped(.suspended): "its job is suspended for the day: the worker ended while it ran"
        }
    }
}
