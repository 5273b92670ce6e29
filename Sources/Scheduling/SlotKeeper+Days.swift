import Market

// MARK: - What lies ahead

extension SlotKeeper {
    /// The next slot that is planned: what the timer is set to.
    public func next() throws -> Slot? { try firstPlanned(now: latest).map { self[$0] } }

    /// The next planned slots, so many; one that is due already is late, and not among them.
    public func upcoming(_ count: Int) throws -> [Slot] {
        let now = latest
        var planned = days.flatMap(\.planned).filter { $0.at >= now }
        // One day more than is needed, for the slots of neighbouring trading days may interleave.
        var isLast = false
        while !isLast {
            isLast = planned.count >= count
            guard try openNext(now: latest) else { break }
            planned += days[days.count - 1].planned.filter { $0.at >= now }
        }
        return Array(planned.sorted { $0.at < $1.at }.prefix(max(count, 0)))
    }

    /// Every slot of a trading day with its state.
    public func states(of day: Day, now: Instant) throws -> [(slot: Slot, state: SlotState)] {
        if let open = days.first(where: { $0.agenda.day == day }) { return Array(zip(open.agenda.slots, open.states)) }
        let agenda = timetable.agenda(of: day)
        let states = timetable.states(of: agenda, after: DayMemory(try memory.read(day)), at: now)
        return Array(zip(agenda.slots, states))
    }

    /// The slots of a day whose job has ended the worker: to be asked while no job runs.
    public func interrupted(on day: Day) throws -> [SlotKey] { DayMemory(try memory.read(day)).interrupted }

    subscript(_ place: Place) -> Slot { days[place.day].agenda.slots[place.slot] }

    /// The first planned slot. The trading day after its own is open too, for it may begin before this one has ended.
    func firstPlanned(now: Instant) throws -> Place? {
        while true {
            guard let day = days.firstIndex(where: { $0.next != nil }), let slot = days[day].next else {
                guard try openNext(now: now) else { return nil }
                continue
            }
            if day + 1 == days.count, try openNext(now: now) { continue }
            if day + 1 < days.count, let other = days[day + 1].next, other.at < slot.at {
                return Place(day: day + 1, slot: days[day + 1].cursor)
            }
            return Place(day: day, slot: days[day].cursor)
        }
    }
}

// MARK: - Opening and closing days

extension SlotKeeper {
    /// A start or a jump of the clock goes back through so many calendar days, no more.
    static var mostDaysBack: Int { 31 }
    /// No job that runs at all pauses for so many trading days.
    private static var horizon: Int { 800 }

    /// The earliest trading day that may have slots after an instant.
    func earliestDay(at instant: Instant) -> Day {
        let today = timetable.hours.tradingDay(at: instant)
        let yesterday = timetable.hours.calendar.previous(before: today)
        guard let last = timetable.agenda(of: yesterday).slots.last, last.at >= instant else { return today }
        return yesterday
    }

    /// Starts anew with the days from `first` on.
    func look(from first: Day) throws {
        try days.forEach { try memory.close($0.agenda.day) }
        days = []
        lookedThrough = timetable.hours.calendar.previous(before: first)
        hasNothingMore = false
    }

    /// Opens the next trading day that has slots; false if there is none.
    func openNext(now: Instant, keeping old: [OpenDay] = []) throws -> Bool {
        guard !hasNothingMore else { return false }
        let hours = timetable.hours
        var day = hours.calendar.next(after: lookedThrough)
        let earliest = hours.zone.local(now).day - Self.mostDaysBack
        if day < earliest {
            leftOut = min(day, leftOut?.lowerBound ?? day)...earliest - 1
            day = hours.calendar.next(after: earliest - 1)
        }
        for _ in 0..<Self.horizon {
            let agenda = timetable.agenda(of: day)
            if !agenda.slots.isEmpty {
                try open(agenda, now: now, old: old.first { $0.agenda.day == day })
                lookedThrough = day
                return true
            }
            day = hours.calendar.next(after: day)
        }
        hasNothingMore = true
        return false
    }

    /// Opens a day with the states that its journal tells, or those it had under another calendar.
    private func open(_ agenda: Agenda, now: Instant, old: OpenDay?) throws {
        if let old {
            let states = agenda.slots.map { slot in old.agenda.place(of: slot).map { old.states[$0] } ?? .planned }
            days.append(OpenDay(agenda: agenda, states: states, isUnderWay: old.isUnderWay))
            return
        }
        let memory = DayMemory(try self.memory.read(agenda.day))
        // Verdicts on what is yet to come, or a stop on a day to come: the clock has gone back since. They must not hold
        // when it comes again.
        let isStopToCome = memory.endsInStop && agenda.day > timetable.hours.tradingDay(at: now)
        if isStopToCome || memory.hasVerdicts(after: now) {
            try self.memory.write(agenda.day, .clockSet(at: now), now, true)
        }
        let states = timetable.remembered(agenda, memory, at: now)
        days.append(OpenDay(agenda: agenda, states: states, isUnderWay: memory.isUnderWay))
        for slot in states.indices where states[slot] == .running {
            // Its worker died: whoever runs it again may do everything twice.
            let place = Place(day: days.count - 1, slot: slot)
            try settle(place, .failed(.interrupted), now: now, flush: true)
        }
    }

    /// Opens days until one begins at an instant or later.
    func openDays(reaching instant: Instant, now: Instant) throws {
        while try openNext(now: now), let first = days.last?.agenda.slots.first, first.at < instant {}
    }

    /// Skips what was due before a fresh start in these open days. The record of the start says so for all of a day's
    /// slots; `today` has it in any case.
    func skip(before start: Instant, in places: some Sequence<Int>, today: Day? = nil, now: Instant) throws {
        var begun = Set(today.map { [$0] } ?? [])
        for day in places {
            for (place, slot) in days[day].agenda.slots.enumerated() where slot.at < start {
                begun.insert(slot.day)
                guard days[day].states[place] == .planned else { continue }
                days[day].states[place] = .skipped(.beforeStart)
                verdicts.append(Verdict(slot: slot, state: .skipped(.beforeStart), lateness: now - slot.at))
            }
            days[day].advance()
        }
        for day in begun.sorted() {
            try memory.write(day, .started(.fresh, at: start), now, true)
            if let open = days.firstIndex(where: { $0.agenda.day == day }) { days[open].isUnderWay = true }
        }
    }

    /// Lets go of the days before this one that have nothing planned any more. They are flushed before it is written
    /// to: a power cut may then take back the newest day and the one before, no older one.
    private func closeDays(before day: Day) throws {
        while let first = days.first, first.agenda.day < day, first.next == nil {
            try memory.close(first.agenda.day)
            days.removeFirst()
        }
    }

    /// Decides about a slot that is not run.
    func settle(_ place: Place, _ state: SlotState, now: Instant, flush: Bool = false) throws {
        let slot = self[place]
        try record(slot, state, now: now, flush: flush)
        verdicts.append(Verdict(slot: slot, state: state, lateness: now - slot.at))
    }

    /// Writes a slot's new state, then holds it to be so.
    func record(_ slot: Slot, _ state: SlotState, now: Instant, flush: Bool) throws {
        try closeDays(before: slot.day)
        try memory.write(slot.day, .slot(timetable.key(of: slot), state), now, flush)
        guard let day = days.firstIndex(where: { $0.agenda.day == slot.day }) else { return }
        days[day].settle(slot, state)
    }
}
