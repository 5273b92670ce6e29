import Notation
import Simulation
import XCTest

final class JSONTests: XCTestCase {
    func testReadsEveryKindOfValue() throws {
        let text = #" {"a": [1, -2.5, 1e3, true, false, null], "ä": {"": "x\n\u00e9\ud83d\ude00\/"}, "b":{},"c":[ ]} "#
        let expected: JSON = [
            "a": [1, -2.5, .number(1000), true, false, nil], "ä": ["": "x\né😀/"], "b": [:], "c": [],
        ]
        XCTAssertEqual(try JSON(parsing: text), expected)
        XCTAssertEqual(try JSON(parsing: [0xEF, 0xBB, 0xBF] + Array("7".utf8)), 7)
    }

    func testWholeNumbersStayWhole() throws {
        XCTAssertEqual(try JSON(parsing: "9223372036854775807"), .integer(.max))
        XCTAssertEqual(try JSON(parsing: "-9223372036854775808"), .integer(.min))
        XCTAssertEqual(try JSON(parsing: "9223372036854775808"), .number(9_223_372_036_854_775_808))
        XCTAssertEqual(try JSON(parsing: "1.0"), .number(1))
        XCTAssertEqual(JSON.number(1).compact, "1.0")
    }

    func testRefusesWithPlaceAndReason() {
        let cases: [(text: String, line: Int, column: Int, says: String)] = [
            ("", 1, 1, "a value is expected here, not the end of the text"),
            ("{\n  \"é\" 1}", 2, 7, "a colon"),
            ("[1, 2", 1, 6, "not with the end of the text"),
            ("[1,]", 1, 4, "a value is expected"),
            ("{\"a\":1,}", 1, 8, "the name of a member"),
            ("{a:1}", 1, 2, "in quotes, not \"a\""),
            ("{\"a\":1,\n\"a\":2}", 2, 1, "stands twice"),
            ("01", 1, 1, "does not begin with 0"),
            ("-", 1, 2, "a digit"),
            ("1.", 1, 3, "a digit"),
            ("1e+", 1, 4, "a digit"),
            ("1e999", 1, 1, "too large"),
            ("nul", 1, 1, "\"null\" is expected"),
            ("1 2", 1, 3, "one value"),
            ("\"a", 1, 1, "no closing quote"),
            ("\"a\nb\"", 1, 3, "line break"),
            ("\"\\x\"", 1, 2, "no such escape"),
            ("\"\\u12g4\"", 1, 6, "hexadecimal"),
            ("\"\\ud83d\"", 1, 2, "surrogate"),
            ("\"\\ude00\"", 1, 2, "surrogate"),
            ("\"\\ud83d\\u0041\"", 1, 2, "surrogate"),
            ("NaN", 1, 1, "a value is expected"),
            ("// x\n1", 1, 1, "a value is expected"),
            ("\"\\", 1, 2, "no such escape"),
            ("上", 1, 1, "not \"上\""),
        ]
        for (text, line, column, says) in cases {
            XCTAssertThrowsError(try JSON(parsing: text), text) { error in
                guard let error = error as? JSONError else { return XCTFail("\(error)") }
                XCTAssertEqual([error.line, error.column], [line, column], "\(text): \(error)")
                XCTAssertTrue(error.sentence.contains(says), "\(text): \(error)")
            }
        }
    }

    func testRefusesWhatIsNotUTF8() {
        let wrong: [[UInt8]] = [
            [0x80], [0xC0, 0xAF], [0xC1, 0x81], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE4, 0xB8], [0xFF],
        ]
        for bytes in wrong {
            XCTAssertThrowsError(try JSON(parsing: [0x22] + bytes + [0x22]), "\(bytes)")
        }
    }

    func testDepthIsLimited() {
        let open = { (count: Int) in String(repeating: "[", count: count) }
        let close = { (count: Int) in String(repeating: "]", count: count) }
        XCTAssertNoThrow(try JSON(parsing: open(128) + close(128)))
        XCTAssertThrowsError(try JSON(parsing: open(129) + close(129)))
        XCTAssertThrowsError(try JSON(parsing: open(1_000_000)))
    }

    func testNamesTwiceAreFoundInLargeObjectsToo() {
        let many = (0..<1000).map { "\"n\($0)\":\($0)" }.joined(separator: ",")
        XCTAssertNoThrow(try JSON(parsing: "{\(many)}"))
        XCTAssertThrowsError(try JSON(parsing: "{\(many),\"n500\":0}"))
    }

    func testWrites() {
        let value: JSON = ["a": [1, "x\"\\\n\u{1}\u{7F}é"], "b": [:], "c": .number(.nan), "d": .number(-.infinity)]
        XCTAssertEqual(value.compact, #"{"a":[1,"x\"\\\n\u0001\u007fé"],"b":{},"c":null,"d":null}"#)
        XCTAssertEqual(
            value.pretty,
            """
            {
              "a": [
                1,
                "x\\"\\\\\\n\\u0001\\u007fé"
              ],
              "b": {},
              "c": null,
              "d": null
            }
            """)
        var bytes = Array("x".utf8)
        value.append(to: &bytes)
        XCTAssertEqual(String(decoding: bytes, as: UTF8.self), "x" + value.compact)
    }

    func testLooksInside() {
        let value: JSON = ["name": "demo", "pid": 12, "whole": 3.0, "part": 3.5, "on": true, "huge": 1e300]
        XCTAssertEqual(value["name"]?.string, "demo")
        XCTAssertEqual(value["pid"]?.int, 12)
        XCTAssertEqual(value["pid"]?.double, 12)
        XCTAssertEqual(value["whole"]?.int, 3)
        XCTAssertNil(value["part"]?.int)
        XCTAssertNil(value["huge"]?.int)
        XCTAssertEqual(value["on"]?.bool, true)
        XCTAssertNil(value["absent"])
        XCTAssertNil(value["name"]?.int)
        XCTAssertEqual(JSON.list([1])["name"], nil)
        XCTAssertEqual(value.members?.map(\.name), ["name", "pid", "whole", "part", "on", "huge"])
    }

    func testRoundTripOfRandomValuesAndMutatedTextsNeverTrap() {
        for seed in 0..<3000 as Range<UInt64> {
            var random = SeededRandom(seed: seed)
            let value = JSON.random(&random, depth: 4)
            XCTAssertEqual(try JSON(parsing: value.compact), value, "seed \(seed)")
            XCTAssertEqual(try JSON(parsing: value.pretty), value, "seed \(seed)")
            var bytes = Array(value.compact.utf8)
            for _ in 0..<Int.random(in: 1...4, using: &random) { bytes.mutate(&random) }
            // What is still JSON says the same once it is written again.
            if let mutated = try? JSON(parsing: bytes) {
                XCTAssertEqual(try JSON(parsing: mutated.compact), mutated, "seed \(seed)")
            }
        }
    }
}

extension JSON {
    fileprivate static func random(_ random: inout SeededRandom, depth: Int) -> JSON {
        switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &random) {
        case 0: return .null
        case 1: return .bool(.random(using: &random))
        case 2: return .integer(.random(in: .min ... .max, using: &random))
        case 3:
            let value = Double(bitPattern: random.next())
            return .number(value.isFinite ? value : 0.5)
        case 4: return .text(text(&random))
        case 5:
            return .list((0..<Int.random(in: 0...4, using: &random)).map { _ in .random(&random, depth: depth - 1) })
        default:
            let count = Int.random(in: 0...4, using: &random)
            return .object((0..<count).map { Member("\($0)\(text(&random))", .random(&random, depth: depth - 1)) })
        }
    }

    private static func text(_ random: inout SeededRandom) -> String {
        let letters: [Character] = ["a", "\"", "\\", "\n", "\u{0}", "é", "上", "😀", "\u{1F}", " "]
        return String(
            (0..<Int.random(in: 0...6, using: &random)).compactMap { _ in letters.randomElement(using: &random) })
    }
}

extension [UInt8] {
    fileprivate mutating func mutate(_ random: inout SeededRandom) {
        let syntax = Array("{}[],:\"\\u0e-.tn".utf8)
        let position = Int.random(in: 0...count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: insert(syntax.randomElement(using: &random) ?? 0, at: position)
        case 1: insert(.random(in: 0...255, using: &random), at: position)
        case 2: if position < count { remove(at: position) }
        default: removeLast(count - position)
        }
    }
}
