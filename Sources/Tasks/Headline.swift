/// A reason on one line: the first of its lines, and how many more there are.
public func headline(_ reason: String) -> String {
    let lines = reason.split(separator: "\n")
    guard let first = lines.first else { return reason }
    return lines.count == 1 ? String(first) : "\(first) (and \(lines.count - 1) more)"
}
