import Processes

/// How long the shortest command takes, beside a program that does nothing at all.
enum CommandTimes {
    static func measure(in workplace: Workplace) throws -> [Table.Row] {
        let help = try Samples(50) { try milliseconds { try workplace.jqtrade(["--help"]) } }
        let nothing = try Samples(50) { try milliseconds { _ = try runCommand(executable: "/bin/true") } }
        return [
            .init(what: "jqtrade --help", measured: help.text(), toReach: "≤ 12 ms", original: "28 ms"),
            .init(what: "  a program that does nothing (/bin/true)", measured: nothing.text()),
        ]
    }
}
