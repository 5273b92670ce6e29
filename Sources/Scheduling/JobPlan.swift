import Market

/// A job and when it is to run.
public struct JobPlan: Hashable, Sendable {
    /// The job's name, as it is logged and journalled.
    public let name: String
    /// The time as the strategy wrote it.
    public let time: String
    /// The time as it was understood.
    public let expression: TimeExpression
    /// On which trading days.
    public let rule: DayRule
    /// How late a slot may run that passed while the task was not running; nil for the task's own.
    public let misfireGrace: TimeSpan?

    /// A job's plan; its errors name the job.
    public init(
        name: String, time: String, rule: DayRule = .daily, misfireGrace: TimeSpan? = nil
    ) throws(ScheduleError) {
        do throws(TimeExpressionError) { self.expression = try TimeExpression(time) } catch {
            throw ScheduleError(job: name, "\(error)")
        }
        do throws(ScheduleError) { try rule.check() } catch { throw ScheduleError(job: name, error.message) }
        if let misfireGrace, misfireGrace < .zero {
            throw ScheduleError(job: name, "misfire_grace is \(misfireGrace.seconds) s: it must be 0 or more")
        }
        self.name = name
        self.time = time
        self.rule = rule
        self.misfireGrace = misfireGrace
    }
}

/// Why jobs cannot be scheduled as they were registered.
public struct ScheduleError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The job it is about, if it is about one.
    public let job: String?
    /// What is wrong, in a sentence.
    public let message: String

    init(job: String? = nil, _ message: String) {
        self.job = job
        self.message = message
    }

    /// A sentence for the user.
    public var description: String { job.map { "job \($0): \(message)" } ?? message }
}
