import Market

// MARK: - What lies ahead

extension SlotKeeper {
    /// The next slot that is planned: what the timer is set to.
    public func next() throws -> Slot? { try firstPlanned(now: latest).map { self[$0] } }

    /// The next planned slots, so many.
    public func upcoming(_ count: Int) throws -> [Slot] {
        var planned = days.flatMap(\.planned)
        // One day more than is needed, for the slots of neighbouring trading days may interleave.
        var isLast = false
        while !isLast {
            isLast = planned.count >= count
            guard try openNext(now: latest) else { break }
            planned += days[days.count - 1].planned
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

    subscript(_ place: Place) -> Slot { days[place.day].agenda.slots[place.slot] }

    /// The first planned slot. The trading day after its own is open too, for it may begin before this one has ended.
    func firstPlanned(now: Instant) throws -> Place? {
        var day = 0
        while true {
            if day == days.count, try !openNext(now: now) { return nil }
            guard let slot = days[day].next else {
                day += 1
                continue
            }
            if day + 1 == days.count { _ = try openNext(now: now) }
            if day + 1 < days.count, let other = days[day + 1].next, other.at < slot.at { day += 1 }
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
        days.forEach { memory.close($0.agenda.day) }
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
            days.append(OpenDay(agenda: agenda, states: states, isRemembered: old.isRemembered))
            return
        }
        let memory = DayMemory(try self.memory.read(agenda.day))
        // Verdicts on what is yet to come: the clock has gone back since. They must not hold again when it comes.
        if memory.hasVerdicts(after: now) { try self.memory.write(agenda.day, .clockSet(at: now), now, false) }
        let states = timetable.states(of: agenda, after: memory, at: now)
        days.append(OpenDay(agenda: agenda, states: states, isRemembered: !memory.isEmpty))
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
            try memory.write(day, .started(.fresh, at: start), now, false)
            if let open = days.firstIndex(where: { $0.agenda.day == day }) { days[open].isRemembered = true }
        }
    }

    /// Forgets the days before this one that have nothing planned any more.
    func closeDays(before day: Int) {
        for _ in 0..<day {
            guard days[0].next == nil else { return }
            memory.close(days.removeFirst().agenda.day)
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
        try memory.write(slot.day, .slot(timetable.key(of: slot), state), now, flush)
        guard let day = days.firstIndex(where: { $0.agenda.day == slot.day }) else { return }
        days[day].settle(slot, state)
    }
}

// MARK: - The clock and the calendar

extension SlotKeeper {
    /// The wall clock was set, or the machine slept: what came due meanwhile is late by the grace's rules. If the
    /// clock went back, what was missed or skipped and is yet to come again is planned again.
    public func clockMoved(now: Instant, bootedAt: Instant) throws {
        self.bootedAt = bootedAt
        awakeSince = now
        let wentBack = now < latest
        latest = now
        guard wentBack else { return }
        let earliest = earliestDay(at: now)
        if let first = days.first?.agenda.day, first <= earliest {
            for day in days.indices { try takeBack(day, now: now) }
            return
        }
        try look(from: earliest)
        try openDays(reaching: now, now: now)
        // A day that the task has never seen begins now for it.
        let unseen = days.indices.filter { !days[$0].isRemembered }
        try skip(before: now, in: unseen, now: now)
    }

    /// Another calendar holds from now on; what has become of the slots until now stays.
    public func use(_ calendar: TradingCalendar, now: Instant) throws {
        guard calendar != timetable.hours.calendar else { return }
        let old = days
        let first = min(old.first?.agenda.day ?? lookedThrough, earliestDay(at: now))
        timetable = try timetable.with(calendar: calendar)
        try look(from: first)
        guard let last = old.last?.agenda.day else { return }
        while lookedThrough < last, try openNext(now: now, keeping: old) {}
    }

    /// Plans an open day's verdicts on what is yet to come again.
    private func takeBack(_ day: Int, now: Instant) throws {
        let slots = days[day].agenda.slots
        let again = slots.indices.filter { days[day].states[$0].isVerdict && slots[$0].at > now }
        guard let first = again.first else { return }
        try memory.write(days[day].agenda.day, .clockSet(at: now), now, false)
        for slot in again { days[day].states[slot] = .planned }
        days[day].cursor = min(days[day].cursor, first)
    }
}
