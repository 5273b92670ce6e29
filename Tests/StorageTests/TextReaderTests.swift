import Storage
import XCTest

final class TextReaderTests: XCTestCase {
    // 价格错误
    private let gbk: [UInt8] = [0xBC, 0xDB, 0xB8, 0xF1, 0xB4, 0xED, 0xCE, 0xF3]

    func testUTF8IsTakenForWhatItIs() {
        let reader = TextReader()
        XCTAssertEqual(reader.text(Array("价格错误".utf8)[...]), "价格错误")
        XCTAssertEqual(reader.encoding, .utf8)
    }

    func testBytesThatAreNoUTF8DecideForTheWholeFile() {
        let reader = TextReader()
        XCTAssertEqual(reader.text(Array("plain".utf8)[...]), "plain")
        XCTAssertEqual(reader.text(gbk[...]), "价格错误")
        XCTAssertEqual(reader.encoding, .gb18030)
        // 联通 in GBK is UTF-8 as well: what was seen before decides.
        XCTAssertEqual(reader.text([0xC1, 0xAA, 0xCD, 0xA8][...]), "联通")
    }

    func testLinesBeforeAFieldDecideToo() {
        let reader = TextReader()
        reader.lookThrough((gbk + [0xC1, 0xAA])[...])
        XCTAssertEqual(reader.encoding, .gb18030)
    }

    func testAMarkDecides() {
        let reader = TextReader()
        reader.look(at: TextEncoding.mark + Array("a".utf8))
        XCTAssertTrue(reader.isDecided)
        XCTAssertEqual(reader.text(gbk[...]).contains("\u{FFFD}"), true)
    }

    func testATornCharacterIsShownAndDoesNotStop() {
        let reader = TextReader(.gb18030)
        XCTAssertFalse(reader.text(gbk.dropLast()).isEmpty)
        XCTAssertEqual(reader.text(gbk[...]), "价格错误")
    }

    func testNames() {
        for name in ["gbk", "GB2312", "gb18030", "CP936"] { XCTAssertEqual(TextEncoding(name: name), .gb18030) }
        for name in ["utf8", "UTF-8", "utf-8-sig"] { XCTAssertEqual(TextEncoding(name: name), .utf8) }
        XCTAssertNil(TextEncoding(name: "big5"))
    }
}
