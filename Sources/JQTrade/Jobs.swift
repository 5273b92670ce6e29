/// A function of the strategy that the scheduler calls.
public typealias JobFunction = (Context) throws -> Void

/// A job as the strategy registered it; the time's text is not read yet.
public struct JobRegistration {
    /// What to call.
    public let function: JobFunction
    /// The name that the strategy gave it; nil means the function's own.
    public let name: String?
    /// When within a day, as written: `open-30m`, `9:30`, `every_minute`.
    public let time: String
    /// On which trading days.
    public let days: Days
    /// How many seconds late it may still run; nil means the option's value.
    public let misfireGrace: Double?

    /// The trading days of a job.
    public enum Days: Hashable, Sendable {
        /// Every one.
        case daily
        /// The n-th of each week, negative from the end.
        case weekly(Int)
        /// The n-th of each month, negative from the end.
        case monthly(Int)
    }

    /// A job as registered.
    public init(
        function: @escaping JobFunction, name: String? = nil, time: String, days: Days = .daily,
        misfireGrace: Double? = nil
    ) {
        self.function = function
        self.name = name
        self.time = time
        self.days = days
        self.misfireGrace = misfireGrace
    }
}

/// Runs a function on every trading day at a time: `9:30`, `open`, `close-5m`, `every_minute`, `every_bar` and so on.
public func run_daily(
    _ function: @escaping JobFunction, _ time: String, name: String? = nil, misfire_grace: Double? = nil,
    file: String = #filePath, line: Int = #line
) {
    register(function, time, .daily, name, misfire_grace, CallSite(path: file, line: line))
}

/// Runs a function on the n-th trading day of each week, negative from the end.
public func run_weekly(
    _ function: @escaping JobFunction, _ weekday: Int, _ time: String, name: String? = nil,
    misfire_grace: Double? = nil, file: String = #filePath, line: Int = #line
) {
    register(function, time, .weekly(weekday), name, misfire_grace, CallSite(path: file, line: line))
}

/// Runs a function on the n-th trading day of each month, negative from the end.
public func run_monthly(
    _ function: @escaping JobFunction, _ monthday: Int, _ time: String, name: String? = nil,
    misfire_grace: Double? = nil, file: String = #filePath, line: Int = #line
) {
    register(function, time, .monthly(monthday), name, misfire_grace, CallSite(path: file, line: line))
}

private func register(
    _ function: @escaping JobFunction, _ time: String, _ days: JobRegistration.Days, _ name: String?,
    _ misfireGrace: Double?, _ site: CallSite
) {
    let job = JobRegistration(function: function, name: name, time: time, days: days, misfireGrace: misfireGrace)
    StrategyHost.runtime?.register(job, from: site)
}
