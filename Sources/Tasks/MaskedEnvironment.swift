import Logs
import Notation

/// The variables as they may be shown and stored: the values of names that look secret are `***`.
public func masked(_ environment: [JSON.Member]) -> [JSON.Member] {
    environment.map { looksSecret($0.name) ? .init($0.name, "***") : $0 }
}
