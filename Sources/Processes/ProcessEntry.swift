import CSupport

/// A line of the system's table of processes.
struct ProcessEntry: Equatable {
    let pid: Int32
    let parent: Int32
    /// When it was started, in the system's own unit: of two processes with one pid, another number.
    let start: UInt64
    /// It has ended, and its parent has not yet asked how.
    var isZombie = false
}

#if os(Linux)
    extension ProcessEntry {
        /// The process with that pid; nil if there is none.
        static func of(_ pid: Int32) -> ProcessEntry? {
            guard pid > 0, let text = readProcess(pid, "stat") else { return nil }
            return ProcessEntry(pid: pid, stat: text)
        }

        /// From the text of /proc/<pid>/stat. The program's name stands in brackets and may hold spaces and brackets.
        init?(pid: Int32, stat: String) {
            guard let bracket = stat.utf8.lastIndex(of: UInt8(ascii: ")")) else { return nil }
            let fields = stat[bracket...].split(separator: " ")
            guard fields.count > 20, let parent = Int32(fields[2]), let start = UInt64(fields[20]) else { return nil }
            self.init(pid: pid, parent: parent, start: start, isZombie: fields[1] == "Z" || fields[1] == "X")
        }

        /// All processes that can be seen.
        static func all() -> [ProcessEntry] {
            guard let folder = opendir("/proc") else { return [] }
            defer { closedir(folder) }
            var entries: [ProcessEntry] = []
            while let entry = readdir(folder) {
                let pid = withUnsafeBytes(of: &entry.pointee.d_name) { name in
                    Int32(String(decoding: name.prefix { $0 != 0 }, as: UTF8.self))
                }
                if let pid, let entry = of(pid) { entries.append(entry) }
            }
            return entries
        }
    }

    /// The memory that a process has in use, in bytes, its shared pages included; nil if it is gone.
    public func residentBytes(of pid: Int32) -> Int? {
        guard pid > 0, let fields = readProcess(pid, "statm")?.split(separator: " "), fields.count > 1 else {
            return nil
        }
        return Int(fields[1]).map { $0 * Int(getpagesize()) }
    }

    private func readProcess(_ pid: Int32, _ file: String) -> String? {
        var buffer = [UInt8](repeating: 0, count: 1024)
        let length = cs_read_file("/proc/\(pid)/\(file)", &buffer, buffer.count)
        return length > 0 ? String(decoding: buffer.prefix(length), as: UTF8.self) : nil
    }
#else
    extension ProcessEntry {
        /// The process with that pid; nil if there is none. A process that has ended cannot be told from none here.
        static func of(_ pid: Int32) -> ProcessEntry? {
            var parent: Int32 = 0
            var start: UInt64 = 0
            var resident: UInt64 = 0
            guard pid > 0, cs_process_info(pid, &parent, &start, &resident) else { return nil }
            return ProcessEntry(pid: pid, parent: parent, start: start)
        }

        /// All processes that can be seen.
        static func all() -> [ProcessEntry] {
            var pids = [Int32](repeating: 0, count: 65_536)
            let count = cs_all_processes(&pids, Int32(pids.count))
            return pids.prefix(Int(max(0, count))).compactMap { of($0) }
        }
    }

    /// The memory that a process has in use, in bytes, its shared pages included; nil if it is gone.
    public func residentBytes(of pid: Int32) -> Int? {
        var parent: Int32 = 0
        var start: UInt64 = 0
        var resident: UInt64 = 0
        return pid > 0 && cs_process_info(pid, &parent, &start, &resident) ? Int(resident) : nil
    }
#endif
