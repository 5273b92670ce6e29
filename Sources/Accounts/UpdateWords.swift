import Gates
import Market

/// What an update says, wherever it was read, in one number: two updates that say different things hardly ever have the
/// same. A file may hold very many of them, and each is kept; so it is neither the whole update nor the hash of a `Hasher`.
struct UpdateWords: Equatable {
    private var number: UInt64 = 0x9E37_79B9_7F4A_7C15
    let isRefusedCancel: Bool

    init(_ update: OrderUpdate) {
        if case .cancelRefused = update.news { isRefusedCancel = true } else { isRefusedCancel = false }
        switch update.news {
        case .state(let status): add(status.rawValue)
        case .cancelRefused(let reason): add(reason)
        }
        add(update.filledAmount)
        add(update.canceledAmount)
        add(update.averagePrice?.units)
        add(update.filledValue?.units)
        add(update.commission?.units)
        add(update.entrustedAt?.nanoseconds)
        add(update.message)
        add(update.counterNumber)
    }

    private mutating func add(_ value: Int64?) {
        // No broker tells the number that stands for nothing.
        add(UInt64(bitPattern: value ?? .min + 1))
    }

    private mutating func add(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            add(UInt64(bytes.count))
            var word: UInt64 = 0
            for (index, byte) in bytes.enumerated() {
                word = word << 8 | UInt64(byte)
                if index % 8 == 7 { add(word) }
            }
            if bytes.count % 8 > 0 { add(word) }
        }
    }

    private mutating func add(_ word: UInt64) {
        let product = (number ^ word).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        number = (product.high ^ product.low) &+ 0x9E37_79B9_7F4A_7C15
    }
}
