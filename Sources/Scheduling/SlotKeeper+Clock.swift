import Market

extension SlotKeeper {
    /// The wall clock was set, or the machine slept: what came due meanwhile is late by the grace's rules. If the
    /// clock went back, what was missed or skipped and is yet to come again is planned again.
    public func clockMoved(now: Instant, bootedAt: Instant) throws {
        // What the machine's start decides is decided by the clock that it was told by.
        while let place = try firstPlanned(now: latest), self[place].at < self.bootedAt {
            try settle(place, .missed(.beforeBoot), now: latest)
        }
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
        // A day that the task has not seen, or has left by a stop, begins now for it.
        let unseen = days.indices.filter { !days[$0].isUnderWay }
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

    /// Plans an open day's verdicts on what is yet to come again. Flushed, so that no power cut brings them back.
    private func takeBack(_ day: Int, now: Instant) throws {
        if days[day].isUnderWay { try memory.write(days[day].agenda.day, .clockSet(at: now), now, true) }
        for (place, slot) in days[day].agenda.slots.enumerated()
        where slot.at > now && days[day].states[place].isVerdict {
            days[day].states[place] = .planned
            days[day].cursor = min(days[day].cursor, place)
        }
    }
}
