import Market

/// Decides the fate of every slot, and remembers it: which one runs now, which was missed, which is skipped.
///
/// Around each job: `take` → `drainVerdicts`, which are logged → `begin` → the job → `end`. When `take` has nothing,
/// one timer is set to `next`. All of it happens on the worker's one thread.
public final class SlotKeeper {
    /// A slot that was judged without being run: to be logged, and counted if missed or failed.
    public struct Verdict: Hashable, Sendable {
        /// The slot.
        public let slot: Slot
        /// What has become of it.
        public let state: SlotState
        /// How long after its time that was decided.
        public let lateness: TimeSpan
    }

    // Each slot looks at the timetable, the open days and the verdicts some twenty times, and nobody outside is ever called
    // while they are being changed: the runtime's check for that took a quarter of a virtual year.

    /// The jobs and hours in force.
    @exclusivity(unchecked) public internal(set) var timetable: Timetable
    /// How late a slot may run after time in which the task was not running, if its job does not say.
    public let misfireGrace: TimeSpan
    /// Whether the task began anew or is continued.
    public let start: WorkerStart

    let memory: SlotMemory
    /// The trading days that have slots and are under way or next, in order.
    @exclusivity(unchecked) var days: [OpenDay] = []
    /// The last trading day that was looked at.
    var lookedThrough: Day
    /// The latest time that was seen since the clock was last set.
    var latest: Instant
    /// The machine was started at this time; whether a slot before it ran cannot be told.
    var bootedAt: Instant
    /// Before this instant the task was not running, or the clock was not this one.
    var awakeSince: Instant
    /// True if no day that was looked at after `lookedThrough` has a slot.
    var hasNothingMore = false
    @exclusivity(unchecked) var verdicts: [Verdict] = []
    var leftOut: ClosedRange<Day>?

    /// A trading day whose slots have been looked up in the memory.
    struct OpenDay {
        let agenda: Agenda
        var states: [SlotState]
        /// The first slot that is still planned; the number of slots if none is.
        var cursor = 0
        /// True if its journal has records and does not end in a stop.
        var isUnderWay: Bool

        init(agenda: Agenda, states: [SlotState], isUnderWay: Bool) {
            self.agenda = agenda
            self.states = states
            self.isUnderWay = isUnderWay
            advance()
        }

        var next: Slot? { cursor < agenda.slots.count ? agenda.slots[cursor] : nil }
        var planned: [Slot] { (cursor..<states.count).filter { states[$0] == .planned }.map { agenda.slots[$0] } }
        mutating func advance() {
            while cursor < states.count, states[cursor] != .planned { cursor += 1 }
        }
        /// Sets the state of a slot: nearly always that at the cursor, or the one before it, whose job has ended.
        mutating func settle(_ slot: Slot, _ state: SlotState) {
            let near = (max(cursor - 1, 0)..<min(cursor + 1, states.count)).first { agenda.slots[$0] == slot }
            guard let place = near ?? agenda.place(of: slot) else { return }
            isUnderWay = true
            states[place] = state
            advance()
        }
    }

    /// A place among the open days' slots.
    struct Place: Equatable {
        var day: Int
        var slot: Int
    }

    /// Begins to keep the slots of a task that was started at `startedAt`; `bootedAt` is when the machine was, by
    /// today's clock.
    ///
    /// `newest` is the newest day with a journal, up to today's. If that does not end in a requested stop, it is
    /// continued: every slot since is judged. Otherwise the start is fresh, and what was due before it is skipped.
    public init(
        timetable: Timetable, memory: SlotMemory, misfireGrace: TimeSpan, newest: Day?, startedAt: Instant,
        bootedAt: Instant, now: Instant
    ) throws {
        self.timetable = timetable
        self.memory = memory
        self.misfireGrace = misfireGrace
        self.bootedAt = bootedAt
        self.awakeSince = now
        self.latest = now
        self.lookedThrough = timetable.hours.tradingDay(at: startedAt)
        if let newest, !DayMemory(try memory.read(newest)).endsInStop {
            self.start = .continuing
            // In the newest journal, not in today's: until the days between are judged, it is still the one to continue.
            try memory.write(newest, .started(.continuing, at: now), now, true)
            let first = min(newest, earliestDay(at: now))
            let before = timetable.hours.calendar.previous(before: first)
            // The day before may reach into this one. If it was left by a stop, this one's start has seen to it.
            let earlier = DayMemory(try memory.read(before))
            try look(from: earlier.isUnderWay ? before : first)
        } else {
            self.start = .fresh
            try look(from: earliestDay(at: startedAt))
            try openDays(reaching: startedAt, now: now)
            let today = timetable.hours.tradingDay(at: now)
            try skip(before: startedAt, in: days.indices, today: today, now: now)
        }
    }
}

// MARK: - Running slots

extension SlotKeeper {
    /// The slot to run now; nil if none is due. Everything that is due and will not run is judged on the way.
    ///
    /// `busySince` is when the task last waited for something to do: what came due after that waited behind the
    /// task's own work, not because the task was not running.
    public func take(now: Instant, busySince: Instant) throws -> Slot? {
        latest = max(latest, now)
        let awake = min(max(busySince, awakeSince), now)
        while let place = try firstPlanned(now: now) {
            let slot = self[place]
            guard slot.at <= now else { return nil }
            if let miss = miss(place, now: now, awake: awake) {
                try settle(place, .missed(miss), now: now)
            } else if isSuperseded(place, now: now, awake: awake) {
                try settle(place, .skipped(.superseded), now: now)
            } else {
                return slot
            }
        }
        return nil
    }

    /// Records that a slot's job begins; from now on it is never run again. Not flushed: what is written survives
    /// the death of every process, and a slot before the machine's start is not run in any case.
    public func begin(_ slot: Slot, now: Instant) throws {
        latest = max(latest, now)
        try record(slot, .running, now: now, flush: false)
    }

    /// Records that a slot that `take` gave is not run, since its job is suspended for the day.
    public func suspend(_ slot: Slot, now: Instant) throws {
        latest = max(latest, now)
        try record(slot, .skipped(.suspended), now: now, flush: false)
        verdicts.append(Verdict(slot: slot, state: .skipped(.suspended), lateness: now - slot.at))
    }

    /// Records that a slot's job has ended, and flushes the day's journal.
    public func end(_ slot: Slot, failed: Bool, now: Instant) throws {
        latest = max(latest, now)
        try record(slot, failed ? .failed(.error) : .done, now: now, flush: true)
    }

    /// True if there are verdicts, or days left out, that nobody has asked for yet.
    public var hasNews: Bool { !verdicts.isEmpty || leftOut != nil }

    /// The verdicts since they were last asked for.
    public func drainVerdicts() -> [Verdict] {
        defer { verdicts.removeAll(keepingCapacity: verdicts.count < 1000) }
        return verdicts
    }

    /// Days since that were too many to judge slot by slot, for the task was away or the clock was wrong.
    public func drainLeftOut() -> ClosedRange<Day>? {
        defer { leftOut = nil }
        return leftOut
    }

    /// Records that the task was asked to stop: what is due is not run any more, and the next start skips what comes
    /// until then.
    public func requestedStop(now: Instant, busySince: Instant) throws {
        let awake = min(max(busySince, awakeSince), now)
        while let place = try firstPlanned(now: now), self[place].at <= now {
            let miss = miss(place, now: now, awake: awake)
            try settle(place, miss.map { .missed($0) } ?? .skipped(.stopped), now: now)
        }
        let today = timetable.hours.tradingDay(at: now)
        for day in Set(days.filter(\.isUnderWay).map(\.agenda.day) + [today]).sorted() {
            try memory.write(day, .stopped(at: now), now, true)
        }
    }

    /// Why a due slot may not run any more; nil if it may.
    private func miss(_ place: Place, now: Instant, awake: Instant) -> SlotState.Miss? {
        let slot = self[place]
        if slot.at < bootedAt { return .beforeBoot }
        if slot.at == now { return nil }
        let grace = grace(of: slot)
        guard let end = days[place.day].agenda.sessionEnd(at: slot.at) else {
            // Outside the sessions nothing else ends the wait, so the grace does, whatever the slot waited for.
            return now - slot.at > grace ? .late : nil
        }
        if awake - slot.at > grace { return .late }
        return now > end ? .sessionEnded : nil
    }

    /// How late a slot may run. No timer rings on the dot: a task that was there, waiting for it, is not late within a
    /// second, however short the grace is for a time in which it was not running.
    public func grace(of slot: Slot) -> TimeSpan {
        let grace = timetable.jobs[slot.job].misfireGrace ?? misfireGrace
        return slot.at >= awakeSince ? max(grace, .seconds(1)) : grace
    }

    /// True if a later slot of the same job is due and may run.
    private func isSuperseded(_ place: Place, now: Instant, awake: Instant) -> Bool {
        let job = self[place].job
        for day in place.day..<days.count {
            let slots = days[day].agenda.slots
            var later = day == place.day ? place.slot + 1 : days[day].cursor
            while later < slots.count, slots[later].at <= now {
                let place = Place(day: day, slot: later)
                if slots[later].job == job, days[day].states[later] == .planned,
                    miss(place, now: now, awake: awake) == nil
                {
                    return true
                }
                later += 1
            }
        }
        return false
    }
}
