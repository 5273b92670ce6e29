import Simulation
import Storage
import XCTest

final class CSVLineTests: XCTestCase {
    private func fields(_ text: String) -> [String] {
        var line = CSVLine()
        let bytes = Array(text.utf8)
        line.look(at: bytes)
        line.split(0..<bytes.count)
        return line.fields.indices.map { String(decoding: line.content($0), as: UTF8.self) }
    }

    func testFields() {
        XCTAssertEqual(fields("a,b,c"), ["a", "b", "c"])
        XCTAssertEqual(fields(" a , b\t,c "), ["a", "b", "c"])
        XCTAssertEqual(fields("\"a,b\",c"), ["a,b", "c"])
        XCTAssertEqual(fields("\"a \"\"b\"\"\" , \" c \""), ["a \"b\"", "c"])
        XCTAssertEqual(fields("a\"b,c"), ["a\"b", "c"])
        XCTAssertEqual(fields(",,"), ["", "", ""])
        XCTAssertEqual(fields(""), [""])
        XCTAssertEqual(fields("a,"), ["a", ""])
        XCTAssertEqual(fields("\"\",\"\""), ["", ""])
    }

    func testFieldsOfAnyLengthEndAtTheirComma() {
        // Bytes around that of the comma, so that one is not taken for another.
        let alphabet = Array("+-./,,-".utf8)
        var random = SeededRandom(seed: 3)
        for length in 0..<300 {
            let bytes = (0..<length).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)] }
            let text = String(decoding: bytes, as: UTF8.self)
            XCTAssertEqual(fields(text), text.split(separator: ",", omittingEmptySubsequences: false).map(String.init))
        }
        XCTAssertEqual(fields(String(repeating: "x", count: 100) + ",y").map(\.count), [100, 1])
    }

    func testALineOfEmptyFieldsIsEmpty() {
        var line = CSVLine()
        XCTAssertTrue(line.isEmpty)
        for (text, isEmpty) in [(",,", true), (" ,\" \",", true), ("", true), (",a", false), ("a,", false)] {
            line.look(at: Array(text.utf8))
            line.split(0..<text.utf8.count)
            XCTAssertEqual(line.isEmpty, isEmpty, text)
        }
    }

    func testALineThatEndsWithinQuotesSaysSo() {
        var line = CSVLine()
        let bytes = Array("a,\"b,c\"\"".utf8)
        line.look(at: bytes)
        line.split(0..<bytes.count)
        XCTAssertTrue(line.isOpen)
        XCTAssertEqual(line.fields.count, 2)
        line.split(0..<1)
        XCTAssertFalse(line.isOpen)
    }

    func testLinesWithBothEndsAndOneWithoutEnd() {
        var lines: [String] = []
        let bytes = Array("a,b\r\nc\n\n\r\nd\re\nhalf".utf8)
        let end = forEachLine(in: bytes) {
            lines.append(String(decoding: bytes[$0], as: UTF8.self))
            return true
        }
        XCTAssertEqual(lines, ["a,b", "c", "", "", "d\re"])
        XCTAssertEqual(end, bytes.count - 4)
        XCTAssertEqual(forEachLine(in: bytes) { $0.lowerBound == 0 }, 5)
    }

    func testRandomLinesNeverTrapAndKeepTheirOrder() {
        let alphabet = Array("ab,\"\" \t,\r\n".utf8)
        for seed in 0..<5000 as Range<UInt64> {
            var random = SeededRandom(seed: seed)
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            }
            var line = CSVLine()
            line.look(at: bytes)
            var last = 0
            let end = forEachLine(in: bytes) { range in
                line.split(range)
                for field in line.fields {
                    XCTAssertGreaterThanOrEqual(field.lowerBound, last, "seed \(seed)")
                    XCTAssertLessThanOrEqual(field.upperBound, range.upperBound, "seed \(seed)")
                    last = field.upperBound
                }
                return true
            }
            XCTAssertEqual(end, (bytes.lastIndex(of: 10) ?? -1) + 1, "seed \(seed)")
        }
    }
}
