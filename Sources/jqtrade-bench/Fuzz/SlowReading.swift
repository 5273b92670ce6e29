import FileOrders
import Gates

/// A number as its text says it, digit by digit on paper: slow, and by nothing that the program itself uses.
struct SlowNumber {
    private let isNegative: Bool
    private let digits: [Int]
    /// Where the point stands: behind so many of the digits, perhaps before the first or behind the last.
    private let point: Int

    init?(_ text: [UInt8]) {
        var rest = text[...]
        func digit(_ byte: UInt8?) -> Int? { byte.flatMap { (48...57).contains($0) ? Int($0) - 48 : nil } }
        isNegative = rest.first == UInt8(ascii: "-")
        if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        var digits: [Int] = []
        while let next = digit(rest.first) {
            digits.append(next)
            rest = rest.dropFirst()
        }
        var point = digits.count
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            while let next = digit(rest.first) {
                digits.append(next)
                rest = rest.dropFirst()
            }
        }
        if digits.isEmpty { return nil }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest = rest.dropFirst()
            let isDown = rest.first == UInt8(ascii: "-")
            if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
            guard rest.count <= 5, let power = Int(String(decoding: rest, as: UTF8.self)), digit(rest.first) != nil
            else { return nil }
            point += isDown ? -power : power
            rest = []
        }
        guard rest.isEmpty else { return nil }
        self.digits = digits
        self.point = point
    }

    /// The whole number that it is.
    var whole: Int64? { digits.indices.allSatisfy { $0 < point || digits[$0] == 0 } ? units(places: 0) : nil }

    /// Ten-thousandths; nil if it has more than four decimals.
    var money: Int64? { digits.indices.allSatisfy { $0 < point + 4 || digits[$0] == 0 } ? units(places: 4) : nil }

    /// The nearest ten-thousandths, halves away from zero.
    var nearestMoney: Int64? {
        let cut = point + 4
        let isUp = digits.indices.contains(cut) && digits[cut] >= 5
        guard let units = units(places: 4) else { return nil }
        let (sum, overflow) = units.addingReportingOverflow(isUp ? (isNegative ? -1 : 1) : 0)
        return overflow ? nil : sum
    }

    private func units(places: Int) -> Int64? {
        var value: Int64 = 0
        if digits.allSatisfy({ $0 == 0 }) { return 0 }
        for place in 0..<max(point + places, 0) {
            let (shifted, overflow) = value.multipliedReportingOverflow(by: 10)
            let next = digits.indices.contains(place) ? digits[place] : 0
            let (sum, overflow2) = shifted.addingReportingOverflow(Int64(isNegative ? -next : next))
            if overflow || overflow2 { return nil }
            value = sum
        }
        return value
    }
}

/// A file's lines and fields, read a second time and slowly, as ONEQUANT.md says they are meant.
struct SlowTable {
    /// A line with its end, where it begins, and what its columns are called.
    struct Line {
        let offset: Int
        let fields: [[UInt8]]
        /// The names of the last header before it; nil if there was none.
        let names: [String]?
        let isHeader: Bool

        /// The field of a name, in a line that may hold commas in the column `loose`; nil if there is no such column.
        func field(_ name: String, loose: String = "", in names: [String]) -> [UInt8]? {
            guard var place = names.firstIndex(of: name) else { return nil }
            let isLongOnly = fields.count == names.count + 1 && fields.last?.isEmpty == true
            let surplus = isLongOnly ? 0 : max(fields.count - names.count, 0)
            if let message = names.firstIndex(of: loose), place > message { place += surplus }
            return place < fields.count ? fields[place] : []
        }
    }

    private(set) var lines: [Line] = []
    /// What stands behind the last line end.
    private(set) var tail: [UInt8] = []

    /// `begins` names the columns of a file without a header; in one with `hasHeaders` they may change all the same.
    init(
        _ bytes: [UInt8], required: [String], columns: [String], id idColumn: String, begins: [String]? = nil,
        hasHeaders: Bool = true
    ) {
        var names = begins
        var start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        while let end = bytes[start...].firstIndex(of: 10) {
            var text = Array(bytes[start..<end])
            if text.last == 13 { text.removeLast() }
            let fields = Self.fields(text)
            let called = fields.map { String(decoding: $0.drop { [0xEF, 0xBB, 0xBF].contains($0) }, as: UTF8.self) }
            // A line whose id is a number is a row, whatever else stands in it.
            let id = names?.firstIndex(of: idColumn).flatMap { $0 < fields.count ? fields[$0].first : nil }
            // A header that was run into a line without its end counts without what stands before it.
            let isRunInto = Self.ends(fields, with: columns.map { Array($0.utf8) })
            let isHeader =
                hasHeaders && (isRunInto || required.allSatisfy(called.contains))
                && !(id.map { (48...57).contains($0) } ?? false)
            if isHeader { names = isRunInto ? columns : called }
            lines.append(Line(offset: start, fields: fields, names: names, isHeader: isHeader))
            start = end + 1
        }
        tail = Array(bytes[start...])
    }

    /// A header behind the beginning of another line: glued to it, behind a row's first field, or behind names of its own.
    private static func ends(_ called: [[UInt8]], with columns: [[UInt8]]) -> Bool {
        let last = Array(called.suffix(columns.count))
        guard last.count == columns.count, let first = last.first, let name = columns.first,
            first.suffix(name.count).elementsEqual(name), last.dropFirst().elementsEqual(columns.dropFirst())
        else { return false }
        let before = called.dropLast(columns.count)
        if first.count > name.count || before.isEmpty { return first.count > name.count }
        return before.first?.first.map { (48...57).contains($0) } ?? true || before.contains(where: columns.contains)
    }

    static func fields(_ line: [UInt8]) -> [[UInt8]] {
        var fields: [[UInt8]] = []
        var rest = line[...]
        func trimmed(_ bytes: ArraySlice<UInt8>, _ blanks: [UInt8]) -> [UInt8] {
            Array(Array(bytes.drop { blanks.contains($0) }.reversed().drop { blanks.contains($0) }).reversed())
        }
        while true {
            let begin = rest.drop { $0 == 32 || $0 == 9 }
            var content: [UInt8] = []
            if begin.first == 34 {
                rest = begin.dropFirst()
                var isOpen = true
                while isOpen, let byte = rest.popFirst() {
                    if byte != 34 {
                        content.append(byte)
                    } else if rest.first == 34 {
                        content.append(34)
                        rest = rest.dropFirst()
                    } else {
                        isOpen = false
                    }
                }
                if !isOpen { content = trimmed(content[...], [32]) }
                rest = rest.drop { $0 != 44 }
            } else {
                content = trimmed(begin.prefix { $0 != 44 }, [32, 9])
                rest = begin.drop { $0 != 44 }
            }
            fields.append(content)
            if rest.isEmpty { return fields }
            rest = rest.dropFirst()
        }
    }
}

/// The texts of a file, as far as it is plain how they are meant: all of it is ASCII but for the one phrase, in one of the
/// two encodings.
struct SlowTexts {
    private let isPlain: Bool
    private let phrase: [UInt8]
    private let column: String

    init(_ bytes: [UInt8], _ layout: FileLayout) {
        column = layout.column(of: .message) ?? ""
        let text = Array(bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...])
        let utf8 = Array(FuzzWriter.phrase.utf8)
        let hasMark = text.count < bytes.count
        let isGBK = !hasMark && Self.rest(of: text, without: FuzzWriter.phraseInGBK)
        phrase = isGBK ? FuzzWriter.phraseInGBK : utf8
        isPlain = isGBK || Self.rest(of: text, without: utf8)
    }

    /// The message of a row with the number of its error; nil where that is not plain.
    func message(of line: SlowTable.Line, _ names: [String], code: [UInt8]) -> String? {
        guard isPlain, line.fields.count == names.count, let bytes = line.field(column, in: names),
            code.allSatisfy({ $0 < 0x80 })
        else { return nil }
        // In a field that does not begin with a quote nobody says what two of them mean.
        if [bytes, code].contains(where: { text in zip(text, text.dropFirst()).contains { $0 == (34, 34) } }) {
            return nil
        }
        let words: String
        if bytes.allSatisfy({ $0 < 0x80 }) {
            words = String(decoding: bytes, as: UTF8.self)
        } else if bytes == phrase {
            words = FuzzWriter.phrase
        } else {
            return nil
        }
        let number = String(decoding: code, as: UTF8.self)
        if number.isEmpty || number == "0" { return words }
        return words.isEmpty ? "error \(number)" : "\(words) (\(number))"
    }

    /// True if nothing but ASCII is left of a text without a phrase.
    private static func rest(of text: [UInt8], without phrase: [UInt8]) -> Bool {
        var rest = text[...]
        while let byte = rest.first {
            if rest.starts(with: phrase) {
                rest = rest.dropFirst(phrase.count)
            } else if byte < 0x80 {
                rest = rest.dropFirst()
            } else {
                return false
            }
        }
        return true
    }
}

/// What the codes of the terminal mean, told a second time.
enum SlowAnswer {
    /// True if an answer says what its codes and its words do; words that are not plain are not looked at.
    static func isRight(_ update: OrderUpdate, _ codes: (answered: String, verdict: String), _ words: String?) -> Bool {
        switch (codes.answered, codes.verdict, update.news) {
        case ("1", "0", .state(.new)): update.message.isEmpty
        case ("1", "1", .state(.rejected)): words == nil || words == update.message
        case ("2", "0", .state(.canceling)): update.message.isEmpty
        case ("2", "1", .cancelRefused(let reason)): words == nil || words == reason
        default: false
        }
    }

    static func statuses(_ kind: FuzzKind) -> [String: OrderStatus] {
        let both: [String: OrderStatus] = [
            "0": .open, "1": .filling, "2": .filled, "3": .partly_canceled, "4": .canceled, "5": .rejected,
        ]
        let own: [String: OrderStatus] = kind == .catsReports ? ["6": .rejected] : ["7": .new, "8": .canceling]
        return both.merging(own) { first, _ in first }
    }
}
