import CSupport
import Market
import XCTest

@testable import Time

/// Time zones against the C library's reading of the same files.
final class ZoneFileTests: XCTestCase {
    private let names = [
        "America/New_York", "Europe/London", "Asia/Tehran", "Asia/Kolkata", "Australia/Lord_Howe", "Europe/Dublin",
        "America/Nuuk", "Africa/Casablanca", "Pacific/Apia", "Asia/Hong_Kong", "America/Sao_Paulo", "Etc/GMT+5",
        "Antarctica/Troll", "Asia/Gaza",
    ]

    func testOffsetsAreThoseOfTheSystem() throws {
        try XCTSkipUnless(access(ZoneFile.folder + "/Europe/London", R_OK) == 0, "no zone files here")
        let before = getenv("TZ").map { String(cString: $0) }
        defer {
            if let before { setenv("TZ", before, 1) } else { unsetenv("TZ") }
            tzset()
        }
        for name in names {
            let zone = try MarketZone.named(name)
            setenv("TZ", name, 1)
            tzset()
            let steps = stride(from: -2_208_000_000, to: 4_102_444_800, by: 3_000_017).map { Int64($0) }
            let changes = zone.changes.map { $0.at.nanoseconds / 1_000_000_000 }.flatMap { [$0 - 1, $0] }
            for second in steps + changes {
                let offset = zone.offset(at: Instant(nanoseconds: second * 1_000_000_000))
                XCTAssertEqual(offset, systemOffset(at: second), "\(name) at \(second)")
            }
        }
    }

    private func systemOffset(at second: Int64) -> Int32 {
        var time = time_t(second)
        var local = tm()
        localtime_r(&time, &local)
        return Int32(local.tm_gmtoff)
    }

    func testShanghaiAndUTCNeedNoFile() throws {
        XCTAssertEqual(try MarketZone.named("Asia/Shanghai"), .shanghai)
        XCTAssertEqual(try MarketZone.named("UTC").firstOffset, 0)
    }

    func testAChangeOfClocksIsExact() throws {
        try XCTSkipUnless(access(ZoneFile.folder + "/America/New_York", R_OK) == 0, "no zone files here")
        let zone = try MarketZone.named("America/New_York")
        // 2050-03-13 07:00 UTC, far beyond the file's table.
        let change = Instant(nanoseconds: 2_530_767_600_000_000_000)
        XCTAssertEqual(zone.local(change - TimeSpan(nanoseconds: 1)).iso8601, "2050-03-13T01:59:59-05:00")
        XCTAssertEqual(zone.local(change).iso8601, "2050-03-13T03:00:00-04:00")
    }

    func testANameNeverLeavesTheFolder() {
        for name in [
            "", "/etc/passwd", "../passwd", "Asia/../../etc/passwd", "Asia//Tokyo", "Asia/", "Asia/To kyo", "亚洲/上海",
            "Asia/Tokyo\0", String(repeating: "a", count: 65),
        ] {
            XCTAssertThrowsError(try MarketZone.named(name), name) { XCTAssertEqual($0 as? ZoneError, .notAName(name)) }
        }
    }

    func testAnUnknownZoneIsSaidInASentence() {
        for name in ["Mars/Olympus_Mons", "America"] {
            XCTAssertThrowsError(try MarketZone.named(name)) { error in
                XCTAssertEqual(error as? ZoneError, .unknown(name))
                XCTAssertTrue("\(error)".hasPrefix("The time zone \(name) is not known"), "\(error)")
            }
        }
    }

    func testADamagedFileIsRefusedWhateverIsWrong() throws {
        var file = [UInt8](repeating: 0, count: 65_536)
        let length = cs_read_file(ZoneFile.folder + "/Europe/London", &file, file.count)
        try XCTSkipUnless(length > 0, "no zone files here")
        file = Array(file.prefix(length))
        XCTAssertNotNil(ZoneFile.zone(named: "x", from: file))
        for length in stride(from: 0, to: file.count - 1, by: 23) {
            XCTAssertNil(ZoneFile.zone(named: "x", from: file.prefix(length)), "cut to \(length) bytes")
        }
        // No changed byte may trap, whatever comes of it.
        for index in Array(0..<120) + stride(from: 120, to: file.count, by: 7) {
            for value in [0x00, 0x7F, 0xFF] as [UInt8] {
                var changed = file
                changed[index] = value
                _ = ZoneFile.zone(named: "x", from: changed)
            }
        }
    }

    func testRulesThatAreNone() {
        for text in [
            "", "EST", "5", "EST5EDT", "EST5EDT,M3.2.0", "EST5EDT,M13.2.0,M11.1.0", "EST5EDT,M3.6.0,M11.1.0", "<+03-3",
            "EST5EDT,M3.2.0,M11.1.0x", "EST999", "EST5EDT,J0,J366", "EST5EDT,M3.2.0/,M11.1.0",
        ] {
            XCTAssertNil(ZoneRule(text), text)
        }
    }

    func testRulesOfTheOlderKinds() throws {
        var spans = SpanList(firstOffset: 0)
        XCTAssertTrue(spans.append(second: 1_700_000_000, offset: 3600))
        // Day 60 without and day 59 with the leap day counted: 1 March and 29 February in a leap year.
        let rule = try XCTUnwrap(ZoneRule("<+01>-1<+03>-3,J60/0,J300/12:30:15"))
        XCTAssertTrue(rule.extend(&spans))
        let changes = spans.changes.dropFirst()
        XCTAssertEqual(changes.first.map { MarketZone.utc.local($0.at).iso8601 }, "2024-02-29T23:00:00+00:00")
        XCTAssertEqual(changes.first?.offset, 10_800)
        XCTAssertEqual(
            changes.dropFirst().first.map { MarketZone.utc.local($0.at).iso8601 }, "2024-10-27T09:30:15+00:00")
    }
}
