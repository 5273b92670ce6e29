import Storage

/// What this machine takes to put 100 bytes on its disk for good: part of every figure that contains a flush.
enum FlushTime {
    static func measure(in workplace: Workplace) throws -> [Table.Row] {
        let disk = SystemDisk()
        let file = try disk.open(workplace.folder + "/flushed", .createNew)
        defer { disk.close(file) }
        let bytes = [UInt8](repeating: 0x2E, count: 100)
        let flush = try Samples(200) {
            try milliseconds {
                _ = try disk.append(bytes, to: file)
                try disk.flush(file)
            }
        }
        return [.init(what: "  this machine's own append + flush, same run", measured: flush.text(withP99: true))]
    }
}
