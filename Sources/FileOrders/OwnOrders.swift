import Gates
import Market
import Storage

/// The orders of this task, by the number that their ids are.
struct OwnOrders {
    private var numbers = NumberRuns()
    /// What all ids of a run begin with.
    private var prefixes = NumberSet()
    /// The counter's number of an order, where a cancel has to name it.
    var counterNumbers: [UInt64: String] = [:]
    private let idsPerPrefix: UInt64
    private let prefixLimit: UInt64

    init(_ numbers: OrderNumbers) {
        idsPerPrefix = numbers.idsPerPrefix
        prefixLimit = numbers.prefixLimit
    }

    mutating func insert(_ number: UInt64) {
        numbers.insert(number)
        prefixes.insert(number / idsPerPrefix)
    }

    func contains(_ number: UInt64) -> Bool { numbers.contains(number) }

    /// What the id column of somebody else's row has to do with us.
    enum Recognition {
        case ours(UInt64)
        case others
        /// It is one of our ids, cut or rounded.
        case mangled
    }

    /// Told in a moment for almost every row of a file: those of others.
    func recognize(_ bytes: UnsafeBufferPointer<UInt8>) -> Recognition {
        if let number = digitsOnly(bytes) {
            if numbers.contains(number) { return .ours(number) }
            return isMangled(number) ? .mangled : .others
        }
        guard let first = bytes.first, (0x30...0x39).contains(first), let number = DecimalNumber(bytes)?.whole,
            number > 0
        else { return .others }
        return numbers.contains(UInt64(number)) || isMangled(UInt64(number)) ? .mangled : .others
    }

    /// True for a number that begins as our ids do: others' ids never do, for a prefix that is in use is not drawn.
    private func isMangled(_ number: UInt64) -> Bool {
        // Cut to its prefix or further it is anybody's, and so is one that is longer than ours.
        if prefixes.isEmpty || number < prefixLimit || number / idsPerPrefix >= prefixLimit { return false }
        var beginning = number
        while beginning >= prefixLimit { beginning /= 10 }
        return prefixes.contains(beginning)
    }
}
