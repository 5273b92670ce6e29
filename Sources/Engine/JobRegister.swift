import JQTrade
import Market
import Scheduling

/// The jobs that a strategy has registered, each named by its function, or by the place of its closure.
struct JobRegister {
    private(set) var plans: [JobPlan] = []
    private(set) var functions: [JobFunction] = []

    /// Adds a job; the answer is what is wrong with it.
    mutating func add(_ job: JobRegistration, at site: CallSite, nameOf: (@escaping JobFunction) -> String?) -> String?
    {
        let name = job.name ?? nameOf(job.function) ?? site.description
        guard !name.isEmpty, !name.contains(where: \.isNewline) else {
            return "job \(name): name asks for a text of one line."
        }
        if let grace = job.misfireGrace, !(grace >= 0 && grace <= 86_400) {
            return "job \(name): misfire_grace asks for seconds from 0 to 86400, not \(grace)."
        }
        do throws(ScheduleError) {
            plans.append(
                try JobPlan(
                    name: name, time: job.time, rule: Self.rule(job.days),
                    misfireGrace: job.misfireGrace.map { TimeSpan(seconds: $0) }))
        } catch {
            return "\(error)"
        }
        functions.append(job.function)
        return nil
    }

    private static func rule(_ days: JobRegistration.Days) -> DayRule {
        switch days {
        case .daily: .daily
        case .weekly(let n): .weekly(n)
        case .monthly(let n): .monthly(n)
        }
    }
}
