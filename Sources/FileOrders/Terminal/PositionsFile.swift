import Market
import Storage

extension TerminalAccount {
    /// The positions of a file like
    ///
    ///     code,amount,available,cost,last
    ///     000001.XSHE,1000,1000,10.5,10.8
    ///
    /// The header may be left out; of the columns only the first two must be there, and prices are above 0. `path` is for messages.
    public static func holdings(
        csv bytes: [UInt8], path: String, format: OrderFileFormat
    ) throws(TerminalError) -> [Security: Holding] {
        var holdings: [Security: Holding] = [:]
        var problem: String?
        var number = 0
        var line = CSVLine()
        let bytes = bytes.starts(with: TextEncoding.mark) ? Array(bytes.dropFirst(TextEncoding.mark.count)) : bytes
        line.look(at: bytes + [UInt8(ascii: "\n")])
        _ = forEachLine(in: line.bytes) { range in
            number += 1
            line.split(range)
            if line.isEmpty || number == 1 && line[0].elementsEqual("code".utf8) { return true }
            guard let (security, holding) = position(line, format) else {
                problem = "is not CODE,AMOUNT,AVAILABLE,COST,LAST, like 000001.XSHE,1000,1000,10.5,10.8"
                return false
            }
            if holdings.updateValue(holding, forKey: security) != nil { problem = "names \(security) once more" }
            return problem == nil
        }
        if let problem { throw TerminalError("line \(number) of \(path) \(problem).") }
        return holdings
    }

    private static func position(_ line: CSVLine, _ format: OrderFileFormat) -> (Security, Holding)? {
        let code = String(decoding: line[0], as: UTF8.self)
        let security = format.codes.security(of: code) ?? Security(code)
        let amount = DecimalNumber(line[1])?.whole
        let available = line[2].isEmpty ? amount : DecimalNumber(line[2])?.whole
        let cost = line[3].isEmpty ? standardPrice(of: security) : DecimalNumber(line[3])?.money
        let last = line[4].isEmpty ? cost : DecimalNumber(line[4])?.money
        guard format.codes.symbol(of: security) != nil, let amount, TerminalOrder.amounts.contains(amount),
            let available, (0...amount).contains(available), let cost, let last,
            [cost, last].allSatisfy({ $0 > .zero && $0.yuan <= 1_000_000 })
        else { return nil }
        return (security, Holding(amount: amount, available: available, costPrice: cost, lastPrice: last))
    }
}
