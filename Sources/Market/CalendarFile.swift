/// The user's lists of closed and open days: one date a line, `#` begins a comment, blank lines do not count.
public enum CalendarFile {
    /// The days that a list's text names; `name` is what an error calls the file.
    public static func days(in text: String, name: String) throws(CalendarError) -> [Day] {
        var days: [Day] = []
        let lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let bytes = Array(line.prefix { $0 != 0x23 })
            let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) && index == 0 ? 3 : 0
            let words = bytes[start...].split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
            guard !words.isEmpty else { continue }
            let written = words.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
            guard let day = Day(written) else { throw .noDate(file: name, line: index + 1, text: written) }
            days.append(day)
        }
        return days
    }
}

/// What is wrong with the user's calendar.
public enum CalendarError: Error, Hashable, Sendable {
    /// A line of a list is not a date.
    case noDate(file: String, line: Int, text: String)
    /// The lists contradict each other.
    case closedAndOpen(Day)
}

extension CalendarError: CustomStringConvertible {
    /// A sentence for the user.
    public var description: String {
        switch self {
        case .noDate(let file, let line, let text):
            "\(file), line \(line): \"\(text)\" is no date; write one date a line, like 2027-01-01"
        case .closedAndOpen(let day):
            "\(day) is listed as a closed day and as an open day: take it out of one of the two lists"
        }
    }
}
