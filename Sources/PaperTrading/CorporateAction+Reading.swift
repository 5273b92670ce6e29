import Market
import Storage

extension CorporateAction {
    /// The dividends and splits of a file like
    ///
    ///     code,ex_date,cash,ratio
    ///     600000.XSHG,2024-07-18,0.321,1
    ///
    /// `cash` is what one share is paid, `ratio` how many shares there are afterwards for one before; what is empty is
    /// no dividend and no split. Columns stand in any order. Throws the sentence to be shown, which names the line.
    public static func read(csv bytes: [UInt8], name: String) throws(PaperError) -> [CorporateAction] {
        var text = bytes
        if text.last.map({ $0 != UInt8(ascii: "\n") }) ?? false { text.append(UInt8(ascii: "\n")) }
        if text.starts(with: [0xEF, 0xBB, 0xBF]) { text.removeFirst(3) }
        var line = CSVLine()
        line.look(at: text)
        var columns: [String: Int]?
        var actions: [CorporateAction] = []
        var number = 0
        var failure: PaperError?
        _ = forEachLine(in: text) { range in
            number += 1
            line.split(range)
            if line.isEmpty { return true }
            do throws(PaperError) {
                if let columns {
                    actions.append(try CorporateAction(line, columns))
                } else {
                    columns = try Self.columns(of: line)
                }
            } catch {
                failure = PaperError("\(name), line \(number): \(error)")
            }
            return failure == nil
        }
        if let failure { throw failure }
        return actions
    }

    private static func columns(of line: CSVLine) throws(PaperError) -> [String: Int] {
        var columns: [String: Int] = [:]
        for index in line.fields.indices {
            columns[String(decoding: line.content(index), as: UTF8.self).lowercased()] = index
        }
        for needed in ["code", "ex_date"] where columns[needed] == nil {
            throw PaperError("there is no column \(needed); the columns are code, ex_date, cash, ratio")
        }
        return columns
    }

    private init(_ line: CSVLine, _ columns: [String: Int]) throws(PaperError) {
        func field(_ name: String) -> ArraySlice<UInt8> { columns[name].map { line.content($0) } ?? [] }
        func text(_ name: String) -> String { String(decoding: field(name), as: UTF8.self) }
        func millionths(_ name: String, or standard: Int64) throws(PaperError) -> Int64 {
            if field(name).isEmpty { return standard }
            if let number = DecimalNumber(field(name)), let value = number.millionths, value >= 0, value < 1 << 40 {
                return value
            }
            throw PaperError("\(name) is \"\(text(name))\", which is no number from 0 on")
        }
        guard Security(text("code")).exchange != nil else {
            throw PaperError("code is \"\(text("code"))\": write it like 600000.XSHG")
        }
        guard let day = Day(text("ex_date")) else {
            throw PaperError("ex_date is \"\(text("ex_date"))\": write it like 2024-07-18")
        }
        let ratio = try millionths("ratio", or: 1_000_000)
        guard ratio > 0 else { throw PaperError("ratio is 0: it is 1 where the number of shares stays") }
        self.init(
            security: Security(text("code")), exDate: day, cash: try millionths("cash", or: 0), ratio: ratio)
    }
}

extension DecimalNumber {
    /// The number in whole millionths, cut; nil if it is too large.
    fileprivate var millionths: Int64? {
        var value = digits
        var left = exponent + 6
        while left < 0, value != 0 {
            value /= 10
            left += 1
        }
        while left > 0, value != 0 {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            if overflow { return nil }
            value = product
            left -= 1
        }
        return value
    }
}
