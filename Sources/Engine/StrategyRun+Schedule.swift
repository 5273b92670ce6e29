import JQTrade
import Logs
import Market
import Notation
import Scheduling
import Storage
import Time

/// From what `process_initialize` left behind to a schedule: checked, remembered, and told to the user.
extension StrategyRun {
    /// The folder of this run's slots and state; nil when nothing is remembered.
    var runFolder: String? {
        guard setting.folder != nil, let chosen = options.runtimeFolder else { return setting.folder }
        return setting.absolutePath(chosen) + "/" + setting.taskName
    }

    /// Sets up the slots; the answer is all that is wrong.
    func setSchedule() -> [String] {
        let timetable: Timetable
        do {
            let hours = try marketHours()
            timetable = try Timetable(jobs: jobs.plans, hours: hours)
        } catch { return ["\(error)"] }
        do {
            try openSlots(timetable)
            try writeSchedule()
        } catch { return ["the slots' memory cannot be opened: \(error)"] }
        return []
    }

    /// The market's hours as the options have them.
    func marketHours() throws -> MarketHours {
        zone = try options.zone()
        return MarketHours(calendar: try readCalendar(), periods: try options.periods(), zone: zone)
    }

    /// What is wrong with the market's hours.
    func hoursProblems() -> [String] {
        do { _ = try marketHours() } catch { return ["\(error)"] }
        return []
    }

    func readCalendar() throws -> TradingCalendar {
        if options.tradesEveryDay { return .everyDay }
        return try setting.calendarFiles?.calendar(in: setting.disk) ?? .builtIn
    }

    private func openSlots(_ timetable: Timetable) throws {
        let now = loop.clock.now
        // The past begins where the data does, which is known only now.
        let startedAt = mode == "backtest" ? now : setting.startedAt
        var memory = SlotMemory.none
        var newest: Day?
        if let folder = runFolder {
            let files = SlotJournalFiles(folder: folder, disk: setting.disk, bootID: setting.bootID)
            newest = try files.newest(today: timetable.hours.tradingDay(at: now))
            memory = files.memory
            slotFiles = files
            if let newest { try takeStopNote(newest, memory, now) }
        }
        slots = try SlotKeeper(
            timetable: timetable, memory: memory, misfireGrace: options.misfireGrace, newest: newest,
            startedAt: startedAt, bootedAt: setting.bootTime(), now: now)
        slotFiles?.prune(today: zone.local(now).day, keeping: options.keptSlotDays)
    }

    /// A stop that was asked for while no run was there to remember it is remembered now.
    private func takeStopNote(_ newest: Day, _ memory: SlotMemory, _ now: Instant) throws {
        guard let path = setting.stopNote, let bytes = try setting.disk.readFile(path) else { return }
        let at = Int64(String(decoding: bytes, as: UTF8.self)).map(Instant.init(nanoseconds:)) ?? now
        try memory.write(newest, .stopped(at: at), now, true)
        try setting.disk.remove(path)
    }

    private func writeSchedule() throws {
        guard let folder = setting.folder, let schedule else { return }
        let bytes = Array(schedule.json.compact.utf8)
        try setting.disk.replaceFile(folder + "/schedule.json", with: bytes, durable: false)
    }

    /// Logs what the slots before the start have come to, and what comes next.
    func tellSchedule() {
        // What came due while the task was away is judged first, lest it be promised as the next slot.
        _ = takeSlot(busySince: loop.clock.now)
        guard let slots, let upcoming = remembering({ try slots.upcoming(5) }) else { return }
        if slots.start == .continuing, !setting.isRestart {
            logger.info("the last run did not end by a stop: its slots since are judged one by one")
        }
        tellVerdicts()
        warnOfCalendarEnd()
        if upcoming.isEmpty, subscriptions.isEmpty {
            return logger.warn("no job has a slot, and nothing is subscribed to: run_daily sets a slot")
        }
        let today = zone.local(loop.clock.now).day
        let texts = upcoming.map { slot in
            let at = zone.local(slot.at)
            return "\(at.day == today ? "" : "\(at.day) ")\(at.time) \(slots.timetable.jobs[slot.job].name)"
        }
        let next = texts.isEmpty ? "" : "; next: \(texts.joined(separator: ", "))"
        logger.info("ready\(next)\(subscriptions.isEmpty ? "" : "; listens to \(subscriptionsInWords)")")
    }

    /// The first of what the strategy listens to: `000001.XSHE 1m, 000002.XSHE tick and 3 more`.
    private var subscriptionsInWords: String {
        let shown = subscriptions.prefix(5).map(\.words).joined(separator: ", ")
        return subscriptions.count > 5 ? "\(shown) and \(subscriptions.count - 5) more" : shown
    }

    /// Each time the calendar may have changed: its end is near for every user once a year.
    func warnOfCalendarEnd() {
        guard let slots, let files = setting.calendarFiles, mode != "backtest" else { return }
        let today = zone.local(loop.clock.now).day
        if let warning = slots.timetable.hours.calendar.coverageWarning(
            on: today, closedPath: files.closed, openPath: files.open)
        {
            logger.warn(warning)
        }
    }

    /// At each midnight the user's days are read again and old journals are removed.
    func midnight() {
        guard phase == .running, let slots else { return }
        do {
            try slots.use(readCalendar(), now: loop.clock.now)
        } catch {
            logger.error("the calendar stays as it was: \(error)")
        }
        warnOfCalendarEnd()
        tellDroppedTicks()
        slotFiles?.prune(today: zone.local(loop.clock.now).day, keeping: options.keptSlotDays)
        arm()
        armMidnight()
    }

    /// Sets the timer of the next midnight.
    func armMidnight() {
        guard setting.calendarFiles != nil, mode != "backtest", let hours = slots?.timetable.hours else { return }
        midnightTimer = loop.at(hours.midnight(after: loop.clock.now)) { [unowned self] in self.midnight() }
    }
}
