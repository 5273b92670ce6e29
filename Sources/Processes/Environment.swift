import CSupport

/// The variables that this process was started with.
public func currentEnvironment() -> [String: String] {
    var environment: [String: String] = [:]
    var entry = cs_environment()
    while let pair = entry?.pointee {
        let parts = String(cString: pair).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2 { environment[String(parts[0])] = String(parts[1]) }
        entry = entry?.advanced(by: 1)
    }
    return environment
}
