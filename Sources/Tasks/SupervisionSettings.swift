import Market
import Notation

/// The numbers of supervision, each a key of the config files and of `--set`.
public struct SupervisionSettings: Equatable, Sendable {
    /// When a crashed worker is started again.
    public var restart = RestartPolicy()
    /// How far apart the pings to an idle worker are.
    public var pingInterval: TimeSpan = .seconds(20)
    /// So many pings unanswered by an idle worker, and it is killed and restarted.
    public var pingLimit = 3
    /// A log file is rotated at this size.
    public var logBytes = 50_000_000
    /// So many rotated log files are kept.
    public var logFiles = 10
    /// So many lines a minute of the worker's own output reach the log.
    public var outputLinesPerMinute = 1000

    /// The settings of a task that names none.
    public init() {}

    private static var seconds: [(key: String, field: WritableKeyPath<SupervisionSettings, TimeSpan>)] {
        [
            ("restart_delay", \.restart.delay), ("restart_delay_max", \.restart.longestDelay),
            ("restart_healthy_after", \.restart.healthyAfter), ("ping_interval", \.pingInterval),
        ]
    }
    private static var counts: [(key: String, field: WritableKeyPath<SupervisionSettings, Int>)] {
        [
            ("restart_limit", \.restart.limit), ("ping_limit", \.pingLimit), ("log_max_bytes", \.logBytes),
            ("log_keep_files", \.logFiles), ("output_lines_per_minute", \.outputLinesPerMinute),
        ]
    }

    /// The names of all these settings.
    public static var keys: [String] { seconds.map(\.key) + counts.map(\.key) }

    /// Takes the settings among these options, of which the rest is somebody else's; throws the sentence about the
    /// first that is wrong.
    public mutating func apply(_ options: [JSON.Member], from origin: String) throws(SettingError) {
        for option in options {
            if let (_, field) = Self.seconds.first(where: { $0.key == option.name }) {
                guard let value = option.value.double, value >= 0.001, value <= 86_400 else {
                    throw SettingError(origin: origin, option: option, asked: "seconds from 0.001 to 86400")
                }
                self[keyPath: field] = TimeSpan(seconds: value)
            } else if let (_, field) = Self.counts.first(where: { $0.key == option.name }) {
                guard let value = option.value.int, value >= 1, value <= 1_000_000_000_000 else {
                    throw SettingError(origin: origin, option: option, asked: "a whole number from 1 up")
                }
                self[keyPath: field] = value
            }
        }
    }
}

/// A setting whose value cannot be used.
public struct SettingError: Error, CustomStringConvertible {
    let origin: String
    let option: JSON.Member
    let asked: String

    /// What is wrong and what to do.
    public var description: String {
        "\(origin): \(option.name) asks for \(asked), not \(option.value.compact)."
    }
}
