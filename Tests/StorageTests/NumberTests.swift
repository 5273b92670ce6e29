import Market
import Simulation
import Storage
import XCTest

final class NumberTests: XCTestCase {
    private func number(_ text: String) -> DecimalNumber? { DecimalNumber(Array(text.utf8)[...]) }

    func testTheSameNumberWrittenInManyWays() {
        for text in ["10", "10.0", "10.000", "1e1", "1E+1", "100e-1", "+10", "0010", "10.", "1.0e1"] {
            XCTAssertEqual(number(text)?.whole, 10, text)
            XCTAssertEqual(number(text)?.money, Money(units: 100_000), text)
        }
        for text in ["0", "-0", "0.000", "-0.0", "0e9", ".0", "0e-99"] {
            XCTAssertEqual(number(text)?.whole, 0, text)
            XCTAssertEqual(number(text)?.money, .zero, text)
        }
    }

    func testWhatIsNoNumber() {
        for text in [
            "", " ", "-", "+", ".", "e", "1e", "1e+", "1e-", "--1", "1-", "1.2.3", "1,000", "0x10", "nan", "inf",
            "-inf",
            "１", "1e1000", "1 0", "12e3.4",
        ] {
            XCTAssertNil(number(text), text)
        }
    }

    func testWhatDoesNotFitIsNoNumberRatherThanAWrongOne() {
        XCTAssertEqual(number("9223372036854775807")?.whole, nil)
        XCTAssertEqual(number("99999999999999999")?.whole, 99_999_999_999_999_999)
        XCTAssertNil(number("999999999999999999999"))
        XCTAssertNil(number("1e30")?.money)
        XCTAssertNil(number("1e15")?.money)
        XCTAssertEqual(number("100000000000000000000e-20")?.whole, 1)
        XCTAssertNil(number("10.5")?.whole)
    }

    func testMoneyIsExactOrRoundedOnlyOnRequest() {
        XCTAssertEqual(number("10.1234")?.money, Money(units: 101_234))
        XCTAssertNil(number("10.12345")?.money)
        XCTAssertEqual(number("10.12345")?.nearestMoney, Money(units: 101_235))
        XCTAssertEqual(number("-10.12345")?.nearestMoney, Money(units: -101_235))
        XCTAssertEqual(number("10.100000000000001")?.nearestMoney, Money(units: 101_000))
        XCTAssertEqual(number("10.099999999999999999999999")?.nearestMoney, Money(units: 101_000))
        XCTAssertEqual(number("1e-30")?.nearestMoney, .zero)
    }

    func testRandomMoneyIsReadAsItIsWritten() {
        for seed in 0..<2000 as Range<UInt64> {
            var random = SeededRandom(seed: seed)
            let money = Money(units: Int64.random(in: -1_000_000_000_000_000...1_000_000_000_000_000, using: &random))
            XCTAssertEqual(number("\(money)")?.money, money, "seed \(seed)")
        }
    }

    func testRandomBytesNeverTrap() {
        let alphabet = Array("0123456789+-.eE \u{0}9".utf8)
        var random = SeededRandom(seed: 7)
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...30, using: &random)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            }
            guard let number = DecimalNumber(bytes[...]) else { continue }
            if let whole = number.whole, let double = Double(String(decoding: bytes, as: UTF8.self)) {
                XCTAssertEqual(Double(whole), double, accuracy: abs(double) / 1e14, "\(bytes)")
            }
            _ = number.nearestMoney
        }
    }

    func testDigitsOnly() {
        XCTAssertEqual(digitsOnly(Array("4294967295".utf8)), 4_294_967_295)
        for text in ["", "1.0", "-1", " 1", "1234567890123456789"] { XCTAssertNil(digitsOnly(Array(text.utf8)), text) }
    }
}
