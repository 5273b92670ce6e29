import CSupport
import Market

/// Why a time zone cannot be used.
public enum ZoneError: Error, Equatable, CustomStringConvertible {
    /// The text cannot be the name of a zone.
    case notAName(String)
    /// There is no such zone on this machine.
    case unknown(String)
    /// The zone's file is not what it should be.
    case damaged(String)

    /// What is wrong, and what to do.
    public var description: String {
        switch self {
        case .notAName(let name):
            "\"\(name)\" is not the name of a time zone: write one of the tz database, such as Asia/Shanghai."
        case .unknown(let name):
            "The time zone \(name) is not known: there is no file of that name in \(ZoneFile.folder); "
                + "write one of the tz database, such as Asia/Shanghai, or install tzdata."
        case .damaged(let name):
            "The time zone \(name) cannot be read: \(ZoneFile.folder)/\(name) is not a complete TZif file; "
                + "install tzdata anew."
        }
    }
}

extension MarketZone {
    /// The time zone of that name. Asia/Shanghai and UTC are built in; others are read from the system's zone files.
    public static func named(_ name: String) throws(ZoneError) -> MarketZone {
        switch name {
        case shanghai.name: return shanghai
        case utc.name: return utc
        default: break
        }
        guard ZoneFile.isName(name) else { throw .notAName(name) }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let length = cs_read_file("\(ZoneFile.folder)/\(name)", &bytes, bytes.count)
        guard length >= 0 else { throw .unknown(name) }
        guard let zone = ZoneFile.zone(named: name, from: bytes.prefix(length)) else { throw .damaged(name) }
        return zone
    }
}

/// The system's zone files: TZif (RFC 9636), of which only the 64-bit part is read.
enum ZoneFile {
    static let folder = "/usr/share/zoneinfo"

    /// A name comes from a user and becomes part of a path: it stays within the folder.
    static func isName(_ name: String) -> Bool {
        guard (1...64).contains(name.utf8.count) else { return false }
        let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return parts.allSatisfy { part in !part.isEmpty && part.allSatisfy(isNameByte) }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+"):
            true
        default: false
        }
    }

    /// The zone in a file's bytes, or nil if they are not a whole and sound TZif file without leap seconds.
    static func zone(named name: String, from file: some Collection<UInt8>) -> MarketZone? {
        var reader = ByteReader(Array(file))
        guard let old = Header(&reader), old.version >= UInt8(ascii: "2") else { return nil }
        reader.skip(old.length(timeSize: 4))
        guard let header = Header(&reader), header.leapSeconds == 0, header.types > 0 else { return nil }
        let times = (0..<header.times).map { _ in reader.integer(8) }
        let kinds = (0..<header.times).map { _ in Int(reader.integer(1)) & 0xFF }
        let offsets = (0..<header.types).map { _ in
            let offset = Int32(truncatingIfNeeded: reader.integer(4))
            reader.skip(2)
            return offset
        }
        reader.skip(header.names + header.standardFlags + header.universalFlags)
        let footer = reader.rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard !reader.isPastEnd, footer.count >= 3, footer[0].isEmpty else { return nil }
        guard kinds.allSatisfy({ $0 < offsets.count }), offsets.allSatisfy({ abs(Int64($0)) < 93_600 }) else {
            return nil
        }
        var spans = SpanList(firstOffset: offsets[0])
        for (time, kind) in zip(times, kinds) {
            guard spans.append(second: time, offset: offsets[kind]) else { return nil }
        }
        if !footer[1].isEmpty {
            guard let rule = ZoneRule(String(decoding: footer[1], as: UTF8.self)) else { return nil }
            guard rule.extend(&spans) else { return nil }
        }
        return MarketZone(name: name, firstOffset: spans.firstOffset, changes: spans.changes)
    }

    private struct Header {
        let version: UInt8
        let universalFlags, standardFlags, leapSeconds, times, types, names: Int

        init?(_ reader: inout ByteReader) {
            guard reader.integer(4) == 0x545A_6966 else { return nil }  // "TZif"
            version = UInt8(truncatingIfNeeded: reader.integer(1))
            reader.skip(15)
            let counts = (0..<6).map { _ in Int(reader.integer(4)) }
            guard !reader.isPastEnd, counts.allSatisfy({ (0...100_000).contains($0) }) else { return nil }
            (universalFlags, standardFlags, leapSeconds) = (counts[0], counts[1], counts[2])
            (times, types, names) = (counts[3], counts[4], counts[5])
        }

        func length(timeSize: Int) -> Int {
            times * (timeSize + 1) + types * 6 + names + leapSeconds * (timeSize + 4) + standardFlags + universalFlags
        }
    }
}

/// The changes of an offset as they are gathered: in order, without those that change nothing.
struct SpanList {
    private(set) var firstOffset: Int32
    private(set) var changes: [MarketZone.Change] = []
    /// The second of the last change that was told, whether it changed anything or not.
    private(set) var lastSecond = Int64.min

    init(firstOffset: Int32) { self.firstOffset = firstOffset }

    /// False if it is out of order. What lies before the year 1678 only sets the offset to begin with.
    mutating func append(second: Int64, offset: Int32) -> Bool {
        guard second > lastSecond else { return false }
        lastSecond = second
        if second < -9_214_560_000 {
            firstOffset = offset
        } else if second < 9_214_646_400, offset != (changes.last?.offset ?? firstOffset) {
            changes.append(.init(at: Instant(nanoseconds: second * 1_000_000_000), offset: offset))
        }
        return true
    }
}

/// Reads big-endian numbers; past the end it reads zeros, and says so.
private struct ByteReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isPastEnd: Bool { position > bytes.count }
    var rest: ArraySlice<UInt8> { bytes.dropFirst(position) }

    mutating func skip(_ count: Int) { position += count }

    mutating func integer(_ size: Int) -> Int64 {
        defer { position += size }
        guard position + size <= bytes.count else { return 0 }
        return bytes[position..<position + size].reduce(0) { $0 << 8 | Int64($1) }
    }
}
