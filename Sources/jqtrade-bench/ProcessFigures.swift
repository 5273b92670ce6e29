import CSupport

/// What /proc tells of a process; zero where there is no /proc.
enum ProcessFigures {
    /// The memory that it alone uses, and its part of what it shares with others.
    static func proportionalBytes(of pid: Int32) -> Int { sum("smaps_rollup", ["Pss:"], of: pid) * 1024 }

    /// How often it has been given the processor after waiting, or back from another.
    static func wakeUps(of pid: Int32) -> Int {
        sum("status", ["voluntary_ctxt_switches:", "nonvoluntary_ctxt_switches:"], of: pid)
    }

    /// The most memory that this program has used at once.
    static var peakBytes: Int { sum("status", ["VmHWM:"], of: getpid()) * 1024 }

    private static func sum(_ file: String, _ names: [String], of pid: Int32) -> Int {
        var bytes = [UInt8](repeating: 0, count: 16_384)
        let length = cs_read_file("/proc/\(pid)/\(file)", &bytes, bytes.count)
        var sum = 0
        for line in String(decoding: bytes.prefix(max(0, length)), as: UTF8.self).split(separator: "\n") {
            let words = line.split(whereSeparator: \.isWhitespace)
            if words.count > 1, names.contains(String(words[0])) { sum += Int(words[1]) ?? 0 }
        }
        return sum
    }
}
