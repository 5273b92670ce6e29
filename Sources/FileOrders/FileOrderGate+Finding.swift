import Gates
import Market
import Notation
import Storage

// Whether an order left, told later: what was noted before it was written, and what the files say now.

/// How the order file was before an order was written to it: what stands in a ticket's mark.
struct FileMark: Equatable {
    var path: String
    var device: UInt64
    var inode: UInt64
    var size: Int
    var isLocal: Bool

    var text: String {
        JSON.object([
            .init("file", .text(path)), .init("device", .text(String(device))), .init("inode", .text(String(inode))),
            .init("size", .integer(Int64(size))), .init("local", .bool(isLocal)),
        ]).compact
    }

    init(path: String, _ identity: FileIdentity, isLocal: Bool) {
        self.path = path
        device = identity.device
        inode = identity.inode
        size = identity.size
        self.isLocal = isLocal
    }

    init?(_ text: String) {
        guard let json = try? JSON(parsing: text), let path = json["file"]?.string,
            let device = json["device"]?.string.flatMap(UInt64.init),
            let inode = json["inode"]?.string.flatMap(UInt64.init),
            let size = json["size"]?.int, let isLocal = json["local"]?.bool
        else { return nil }
        self.path = path
        self.device = device
        self.inode = inode
        self.size = size
        self.isLocal = isLocal
    }
}

extension FileOrderGate {
    /// The order file as it is now. One that is not there yet is made first, with its header, for only of a file that
    /// was there before can it be told later that it has merely grown.
    public func mark() -> String {
        guard let desk, let writer else { return "" }
        let path = path(format.orders, desk.day())
        writer.prepare(path, format.orders)
        guard let identity = try? disk.identity(of: path) else { return "" }
        return FileMark(path: path, identity, isLocal: disk.isLocal(path)).text
    }

    /// Looks for orders in the order files of their days and in all that the terminal has answered since.
    public func find(_ tickets: [OrderTicket]) -> [Presence] {
        guard let desk else { return tickets.map { _ in .inDoubt("the gate is not set up") } }
        let sought = Set(tickets.compactMap { number($0.id) })
        let today = desk.day()
        var written: Set<UInt64> = []
        var answered: Set<UInt64> = []
        var orderFiles: [String: SearchResult] = [:]
        var problems: [String] = []
        for day in Set(tickets.map(\.day)).sorted() {
            let search = { [self] (layout: FileLayout, day: Day) -> SearchResult? in
                do throws(DiskError) {
                    let result = try searchFile(path(layout, day), disk) { sought.contains($0) }
                    // Half an order has not left for sure, but who answers has got it.
                    if layout.stem == format.orders.stem {
                        written.formUnion(result.numbers)
                    } else {
                        answered.formUnion(result.numbers.union(result.tailNumbers))
                    }
                    return result
                } catch {
                    problems.append("\(error)")
                    return nil
                }
            }
            orderFiles[path(format.orders, day)] = search(format.orders, day)
            for layout in [format.results, format.reports].compactMap({ $0 }) {
                // The answers of the night stand in the next day's files.
                var answerDay = day
                repeat {
                    _ = search(layout, answerDay)
                    answerDay = answerDay + 1
                } while layout.isDaily && answerDay <= min(today, day + 12)
            }
        }
        return tickets.map { ticket in
            guard let number = number(ticket.id) else { return .absent }
            let path = path(format.orders, ticket.day)
            if answered.contains(number) { return .found }
            if written.contains(number) { return standing(in: path) }
            if let problem = problems.first { return .inDoubt(problem) }
            return provedAbsent(ticket, orderFiles[path] ?? SearchResult(), path)
        }
    }

    /// A row that stands in the file may be one that its writer died before flushing: it counts when no power cut can
    /// take it back any more.
    private func standing(in path: String) -> Presence {
        do throws(DiskError) {
            let file = try disk.open(path, .append)
            defer { disk.close(file) }
            try disk.flush(file)
            try disk.flushFolder(parentFolder(of: path))
            return .found
        } catch {
            return .inDoubt("it stands in \(path), which cannot be made safe: \(error)")
        }
    }

    /// Absent only if the file is the same, on a local disk, has grown from what it was before the order was to be
    /// written, and ends with a whole line.
    private func provedAbsent(_ ticket: OrderTicket, _ now: SearchResult, _ path: String) -> Presence {
        guard let mark = FileMark(ticket.mark) else {
            return .inDoubt("nothing was noted of \(path) before it was sent")
        }
        guard mark.path == path else { return .inDoubt("it was to be written to \(mark.path), not to \(path)") }
        guard let identity = now.identity else { return .inDoubt("\(path) is not there any more") }
        guard identity.device == mark.device, identity.inode == mark.inode else {
            return .inDoubt("\(path) is another file than before it was sent")
        }
        guard identity.size >= mark.size else { return .inDoubt("\(path) has been cut since it was sent") }
        guard mark.isLocal, disk.isLocal(path) else {
            return .inDoubt("\(path) does not lie on a disk of this machine")
        }
        guard now.tail.isEmpty else { return .inDoubt("the last line of \(path) has no end") }
        return .absent
    }

    /// Orders of an earlier run are told of again, from the beginning of the terminal's files.
    public func adopt(_ tickets: [OrderTicket]) {
        for ticket in tickets {
            guard let number = number(ticket.id) else { continue }
            own.insert(number)
            submitted.insert(number)
            ownDays.insert(ticket.day)
        }
        for file in replies.values { file.forget() }
    }
}
