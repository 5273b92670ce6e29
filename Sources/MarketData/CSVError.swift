/// What is wrong in a CSV file of market data, and where.
public struct CSVError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file, as messages shall name it.
    public let file: String
    /// The line, counted from 1; nil where the file as a whole is meant.
    public let line: Int?
    /// What is wrong, and what to do.
    public let problem: String

    /// Something wrong in a file.
    public init(_ file: String, line: Int? = nil, _ problem: String) {
        self.file = file
        self.line = line
        self.problem = problem
    }

    /// `bars.csv:17: "x" is no number (column close)`.
    public var description: String { "\(file)\(line.map { ":\($0)" } ?? ""): \(problem)" }
}
