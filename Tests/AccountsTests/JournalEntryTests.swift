import Gates
import Market
import Simulation
import TestSupport
import XCTest

@testable import Accounts

final class JournalEntryTests: XCTestCase {
    private var entries: [JournalEntry] {
        let ticket = OrderTicket(
            id: "1234567890", security: bank, side: .sell, position: .short, amount: 100, pricing: .limit(yuan(10.01)),
            day: ordinaryDay, createdAt: at(9, 31), mark: "tab\there\\and\nthere 价格错误")
        let update = OrderUpdate(
            id: "1", news: .state(.filling), filledAmount: 1, canceledAmount: 0, averagePrice: yuan(3),
            filledValue: yuan(4),
            commission: yuan(5), message: "拒绝\t", counterNumber: "9", entrustedAt: at(9, 32), source: "f:1")
        let snapshot = AccountSnapshot(
            totalValue: yuan(-1), availableCash: yuan(2), lockedCash: .zero,
            holdings: [
                .init(security: bank, amount: 1, available: 0, cost: yuan(1), lastPrice: yuan(2), value: yuan(3)),
                .init(
                    security: steel, side: .short, amount: 1, available: 0, cost: .zero, lastPrice: .zero, value: .zero),
            ], day: ordinaryDay, writtenAt: at(1, 2), readAt: at(3, 4))
        return [
            .intent(ticket, priceThen: yuan(10)), .intent(ticket, priceThen: nil), .refused(ticket, "no"),
            .outcome("1", .sent, number: nil), .outcome("1", .unknown("a\tb"), number: 7),
            .outcome("1", .refused(""), number: nil), .heard(update, number: 8),
            .heard(OrderUpdate(id: "1", news: .cancelRefused("too late")), number: 9), .notObeyed(update, "why"),
            .cancel("1"), .cancelOutcome("1", .refused("no")), .dayEnded("1", number: 3), .snapshot(snapshot), .told(4),
            .calling("on_trade", order: "1", number: 5), .calling("bar 1m", order: nil, number: nil), .called,
            .callBroken,
        ]
    }

    func testEntriesComeBackAsTheyWere() {
        for entry in entries { XCTAssertEqual(JournalEntry(decoding: entry.encode()), entry) }
    }

    func testTextsOfAnyLengthComeBack() {
        for length in [0, 1, 15, 16, 100, 400, 511, 512, 513, 1024, 5000] {
            for text in ["a", "格", "\t\\", "a\n"] {
                let entry = JournalEntry.cancelOutcome("1", .refused(String(repeating: text, count: length)))
                XCTAssertEqual(JournalEntry(decoding: entry.encode()), entry, "\(length) times \(text)")
            }
        }
    }

    func testNumbersAreWrittenAsTheyAre() {
        var numbers: [Int64] = [0, .max, .min, .min + 1]
        var power: Int64 = 1
        for _ in 0..<19 {
            numbers += [power, power - 1, power + 1, -power]
            power = power &* 10
        }
        for number in numbers {
            let bytes = JournalEntry.heard(OrderUpdate(id: "1", news: .state(.new), filledAmount: number), number: 2)
                .encode()
            let fields = bytes.split(separator: 0x09, omittingEmptySubsequences: false)
            XCTAssertEqual(String(decoding: fields[4], as: UTF8.self), "\(number)")
        }
    }

    /// What is heard is written without an entry being made of it, and how far into a file it was read behind its name.
    func testWhatIsHeardIsTheSameEntry() {
        var update = OrderUpdate(
            id: "7", news: .state(.filling), filledAmount: 100, averagePrice: yuan(10), message: "a\tb",
            source: "reports.csv")
        let heard: [(AccountBooks.Heard, JournalEntry)] = [
            (.obeyed(number: 3, reopens: true), .heard(update, number: 3)),
            (.notObeyed("it is old"), .notObeyed(update, "it is old")), (.notObeyed(""), .notObeyed(update, "")),
        ]
        for (heard, entry) in heard {
            var bytes: [UInt8] = []
            JournalEntry.encode(update, heard, into: &bytes)
            XCTAssertEqual(bytes, entry.encode())
        }
        update.offset = 4711
        guard case .heard(let read, _) = JournalEntry(decoding: JournalEntry.heard(update, number: 3).encode()) else {
            return XCTFail("it is not read again")
        }
        XCTAssertEqual(update.place, "reports.csv:4711")
        XCTAssertEqual(read.place, update.place)
    }

    func testOtherBytesAreNoEntry() {
        var random = SeededRandom(seed: 5)
        for entry in entries {
            let bytes = entry.encode()
            XCTAssertNil(JournalEntry(decoding: bytes + [0x09]))
            for length in 0..<bytes.count where bytes[length] == 0x09 {
                XCTAssertNil(JournalEntry(decoding: Array(bytes.prefix(length))), "\(entry) cut at \(length)")
            }
            for _ in 0..<200 {
                var broken = bytes
                broken[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                _ = JournalEntry(decoding: broken)
            }
        }
    }
}

extension JournalEntry {
    fileprivate func encode() -> [UInt8] {
        var bytes: [UInt8] = []
        encode(into: &bytes)
        return bytes
    }
}
