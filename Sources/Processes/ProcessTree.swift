import CSupport

/// Kills all processes of a group. False if there are none left, or the number is that of no group of a task.
@discardableResult
public func killGroup(_ group: Int32, signal: Int32 = SIGKILL) -> Bool {
    // 0 and 1 would mean ourselves and everybody.
    group > 1 && group != getpgrp() && kill(-group, signal) == 0
}

/// Kills a child of ours that leads a group, and its group, and waits for its end, which does not let wait.
@discardableResult
public func endGroup(_ leader: Int32) -> Exit? {
    killGroup(leader)
    return waitForEnd(of: leader)
}

/// All processes that run and descend from a process, in whatever group or session, parents before children.
public func descendants(of pid: Int32) -> [Int32] { liveDescendants(of: pid).map(\.pid) }

private func liveDescendants(of pid: Int32) -> [ProcessEntry] {
    let children = Dictionary(grouping: ProcessEntry.all(), by: \.parent)
    var found: [ProcessEntry] = []
    var open = [pid]
    var seen: Set<Int32> = [pid]
    while let parent = open.popLast() {
        for child in children[parent] ?? [] where seen.insert(child.pid).inserted {
            if !child.isZombie { found.append(child) }
            open.append(child.pid)
        }
    }
    return found
}

/// Kills every descendant of a process but those spared, also those that are born meanwhile. Returns their pids.
@discardableResult
public func killDescendants(of pid: Int32, sparing spared: Set<Int32> = []) -> [Int32] {
    var killed: Set<ProcessIdentity> = []
    // Each round finds only what the last one missed; whoever forks faster than this ends with the rounds.
    for _ in 0..<100 {
        let found = liveDescendants(of: pid).map { ProcessIdentity(pid: $0.pid, start: $0.start) }
        let fresh = found.filter { !killed.contains($0) && !spared.contains($0.pid) }
        if fresh.isEmpty { break }
        for process in fresh { process.send(SIGKILL) }
        killed.formUnion(fresh)
    }
    return killed.map(\.pid).sorted()
}

/// From now on orphans among our descendants become our children, so that none is lost from sight. False where the
/// platform has no such thing.
@discardableResult
public func becomeSubreaper() -> Bool { cs_become_subreaper() == 0 }
