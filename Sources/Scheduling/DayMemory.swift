import Market

/// What the records of one day say, taken together.
public struct DayMemory: Sendable {
    private var states: [SlotKey: SlotState] = [:]
    private var skippedBefore: Instant?
    /// True if the task has seen the day and was not asked to stop since.
    public let isUnderWay: Bool
    /// True if the last that happened was a requested stop.
    public let endsInStop: Bool

    /// The memory after these records, in the order in which they were written.
    public init(_ records: [SlotRecord]) {
        if case .stopped = records.last { endsInStop = true } else { endsInStop = false }
        isUnderWay = !records.isEmpty && !endsInStop
        for record in records {
            switch record {
            case .started(.fresh, let at):
                takeBack(after: at)
                skippedBefore = at
            case .started(.continuing, let at), .clockSet(let at): takeBack(after: at)
            case .stopped: break
            case .slot(let key, let state): note(key, state)
            }
        }
    }

    /// A slot's state at an instant, as far as it is remembered: a verdict on a slot that is yet to come, for the
    /// clock has gone back since, does not count.
    public func state(of key: SlotKey, at now: Instant) -> SlotState {
        if let state = states[key], state.isFinal || key.at <= now { return state }
        if let skippedBefore, key.at < skippedBefore, key.at <= now { return .skipped(.beforeStart) }
        return .planned
    }

    /// True if there are verdicts on slots after an instant.
    public func hasVerdicts(after now: Instant) -> Bool {
        (skippedBefore.map { $0 > now } ?? false) || states.contains { $0.value.isVerdict && $0.key.at > now }
    }

    /// The slots whose job has ended the worker, in order. While no job runs, one that is `running` has done so, even if
    /// the timetable of today does not know it any more.
    var interrupted: [SlotKey] {
        states.filter { $0.value == .running || $0.value == .failed(.interrupted) }.map(\.key).sorted { $0.at < $1.at }
    }

    private mutating func note(_ key: SlotKey, _ state: SlotState) {
        switch states[key] {
        case .done, .failed: return
        case .running where !state.isFinal: return
        default: states[key] = state
        }
    }

    /// The clock was at an earlier time than before: what was judged by the clock since is open again.
    private mutating func takeBack(after now: Instant) {
        if let before = skippedBefore { skippedBefore = min(before, now) }
        guard hasVerdicts(after: now) else { return }
        states = states.filter { $0.value.isFinal || $0.key.at <= now }
    }
}

extension Timetable {
    /// What a slot is called in the journals.
    func key(of slot: Slot) -> SlotKey {
        SlotKey(at: slot.at, time: jobs[slot.job].time, job: journalNames[slot.job])
    }

    /// The state of each slot of an agenda, as a day's memory has it at an instant. After a requested stop, what has
    /// come since is skipped.
    public func states(of agenda: Agenda, after memory: DayMemory, at now: Instant) -> [SlotState] {
        remembered(agenda, memory, at: now).enumerated().map { place, state in
            let isSkipped = state == .planned && memory.endsInStop && agenda.slots[place].at <= now
            return isSkipped ? .skipped(.stopped) : state
        }
    }

    /// The state of each slot of an agenda, as far as it is remembered.
    func remembered(_ agenda: Agenda, _ memory: DayMemory, at now: Instant) -> [SlotState] {
        guard memory.isUnderWay || memory.endsInStop else { return agenda.slots.map { _ in .planned } }
        return agenda.slots.map { memory.state(of: key(of: $0), at: now) }
    }
}
