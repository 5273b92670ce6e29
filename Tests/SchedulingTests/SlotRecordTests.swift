import Market
import Scheduling
import XCTest

final class SlotRecordTests: XCTestCase {
    private let key = SlotKey(at: at("09:30:00"), time: "open", job: "买入 at open#2")

    func testRecordsComeBackAsTheyWere() throws {
        let states: [SlotState] = [
            .running, .done, .failed(.error), .failed(.interrupted), .missed(.late), .missed(.sessionEnded),
            .missed(.beforeBoot), .skipped(.superseded), .skipped(.beforeStart), .skipped(.suspended),
        ]
        let now = at("09:30:00") + TimeSpan(nanoseconds: 1)
        let records: [SlotRecord] =
            states.map { .slot(key, $0) } + [
                .started(.fresh, at: now), .started(.continuing, at: now), .stopped(at: now), .clockSet(at: now),
            ]
        for record in records { XCTAssertEqual(SlotRecord(decoding: record.encode()), record) }
        XCTAssertEqual(
            String(decoding: SlotRecord.slot(key, .missed(.sessionEnded)).encode(), as: UTF8.self),
            "missed:session_ended 2026-11-20T01:30:00Z open 买入 at open#2")
        XCTAssertEqual(
            String(decoding: SlotRecord.started(.fresh, at: at("09:30:00")).encode(), as: UTF8.self),
            "started:fresh 2026-11-20T01:30:00Z")
    }

    func testWhatIsNoRecord() {
        let wrong = [
            "", "running", "running 2026-11-20T01:30:00Z", "running 2026-11-20T01:30:00Z open", "running soon open f",
            "gone 2026-11-20T01:30:00Z open f", "missed 2026-11-20T01:30:00Z open f",
            "done:late 2026-11-20T01:30:00Z open f",
            "planned 2026-11-20T01:30:00Z open f", "stopped 2026-11-20T01:30:00Z now", "started 2026-11-20T01:30:00Z",
        ]
        for text in wrong { XCTAssertNil(SlotRecord(decoding: Array(text.utf8)), text) }
        XCTAssertNil(SlotRecord(decoding: [0xFF, 0xFE]))
    }

    func testTheMemoryOfADay() {
        func memory(_ records: SlotRecord...) -> DayMemory { DayMemory(records) }
        let later = at("12:00:00")
        XCTAssertEqual(memory().state(of: key, at: later), .planned)
        XCTAssertEqual(memory(.slot(key, .running)).state(of: key, at: later), .running)
        XCTAssertEqual(memory(.slot(key, .running), .slot(key, .done)).state(of: key, at: later), .done)
        XCTAssertEqual(memory(.slot(key, .done), .slot(key, .missed(.late))).state(of: key, at: later), .done)
        XCTAssertEqual(memory(.slot(key, .missed(.late)), .slot(key, .running)).state(of: key, at: later), .running)
        XCTAssertEqual(memory(.slot(key, .missed(.late))).state(of: key, at: at("09:00:00")), .planned)
        XCTAssertEqual(memory(.slot(key, .running)).state(of: key, at: at("09:00:00")), .running)
        let back = memory(.slot(key, .missed(.late)), .clockSet(at: at("09:00:00")))
        XCTAssertEqual(back.state(of: key, at: later), .planned, "the clock has been before it since")
        let fresh = memory(.started(.fresh, at: at("10:00:00")))
        XCTAssertEqual(fresh.state(of: key, at: later), .skipped(.beforeStart))
        XCTAssertEqual(fresh.state(of: key, at: at("09:00:00")), .planned)
        XCTAssertFalse(fresh.endsInStop)
        XCTAssertTrue(memory(.stopped(at: later)).endsInStop)
        XCTAssertFalse(memory(.stopped(at: later), .started(.continuing, at: later)).endsInStop)
        let boot = memory(.slot(key, .missed(.beforeBoot)), .clockSet(at: at("09:00:00")))
        XCTAssertEqual(boot.state(of: key, at: later), .missed(.beforeBoot), "it may have run without a record")
    }

    func testJournalNamesAndPruning() {
        XCTAssertEqual(SlotJournals.name(of: day("2026-11-20")), "20261120.journal")
        XCTAssertEqual(SlotJournals.day(of: "20261120.journal"), day("2026-11-20"))
        for name in ["20261120.journal.tmp", "2026112.journal", "x0261120.journal", "20261320.journal", "journal"] {
            XCTAssertNil(SlotJournals.day(of: name), name)
        }
        let names = [
            "20260801.journal", "20260821.journal", "20260822.journal", "20261119.journal", "20270101.journal", "notes",
        ]
        XCTAssertEqual(SlotJournals.newest(in: names, today: day("2026-11-20")), day("2026-11-19"))
        XCTAssertEqual(
            SlotJournals.expired(in: names, today: day("2026-11-20")), ["20260801.journal", "20260821.journal"])
        XCTAssertEqual(SlotJournals.expired(in: names, today: day("2026-11-20"), keeping: 1000), [])
        XCTAssertEqual(
            SlotJournals.expired(in: ["20200101.journal"], today: day("2026-11-20")), [], "it tells how the task ended")
    }
}
