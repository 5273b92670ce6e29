import Storage

/// Removes what a kill in the middle of a file's replacement has left in a task's folder and in the folders in it, where
/// such a file is called `state.json.PID-N.new`. For the holder of the task's lock alone: nobody else replaces files there.
/// What cannot be removed does no harm.
public func removeLeftovers(in folder: String, _ disk: any FileStore) {
    for name in (try? disk.list(folder)) ?? [] where name != "archive" {
        let path = folder + "/" + name
        if isLeftover(name) {
            try? disk.remove(path)
        } else if ((try? disk.identity(of: path)) ?? nil)?.isFolder == true {
            for inner in (try? disk.list(path)) ?? [] where isLeftover(inner) { try? disk.remove(path + "/" + inner) }
        }
    }
}

private func isLeftover(_ name: String) -> Bool {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count > 2, parts.last == "new" else { return false }
    let numbers = parts[parts.count - 2].split(separator: "-", omittingEmptySubsequences: false)
    return numbers.count == 2 && numbers.allSatisfy { Int($0) != nil }
}
