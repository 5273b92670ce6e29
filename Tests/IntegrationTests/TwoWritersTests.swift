import Foundation
import TestSupport
import XCTest

/// Another program, or a person's script, writes orders into the same file under the same lock.
final class TwoWritersTests: LiveTestCase {
    private static let header =
        "updTime,custBatchNo,acctType,acct,symbol,tradeSide,targetQty,algoId,priceType,ticks,highLimitPrice,lowLimitPrice"

    func testTwoWritersTearAndLoseNoRow() throws {
        try startTerminal(["--cash", "100000000"])
        let day = try XCTUnwrap(file("assetInfo_")).dropFirst("orders/assetInfo_".count)
        // Each row goes out in two halves, as a program without a buffer may write it.
        let row = "093000.000000,$n,UM0,77,600000.SH,1,100,DMA,AT,0,9.8,9.8"
        try place.write(
            """
            n=9000000000
            while [ ! -e "$0/../stop" ] && [ $n -lt 9000000400 ]; do
                n=$((n + 1))
                (
                    flock 9
                    [ -s "$0/algoOrder_\(day)" ] || echo "\(Self.header)" >&9
                    printf "%s" "093000.000000,$n" >&9
                    printf "%s\\n" "\(row.dropFirst("093000.000000,$n".count))" >&9
                ) 9>>"$0/algoOrder_\(day)"
            done
            echo $n > "$0/../written"
            """, to: "other.sh")
        try XCTSkipUnless(FileManager.default.fileExists(atPath: "/usr/bin/flock"), "no flock(1) here")
        let other = try ShellProcess(". '\(place.folder)/other.sh'", orders)
        _ = try place.startTask(
            Live.strategy, live("many", ["-o", "demo.log", "--set", "max_orders_per_minute=1000"]))
        let isGiven = eventually { self.place.read("home/tasks/demo/state.json").contains("200") }
        try place.write("", to: "stop")
        XCTAssertTrue(other.endsWell())
        XCTAssertTrue(isGiven, place.read("demo.log"))
        try waitForEndOfOrders(200)

        let lines = place.read("orders/algoOrder_\(day)").split(separator: "\n", omittingEmptySubsequences: false)
        XCTAssertEqual(String(lines[0]), Self.header)
        XCTAssertEqual(lines.filter { $0.hasPrefix("updTime") }.count, 1)
        XCTAssertEqual(lines.last, "")
        let rows = orderRows()
        XCTAssertEqual(rows.filter { $0.count != 12 }, [])
        let last = try XCTUnwrap(Int(place.read("written").trimmingCharacters(in: .whitespacesAndNewlines)))
        XCTAssertEqual(rows.filter { $0[3] == "77" }.compactMap { Int($0[1]) }, Array(9_000_000_001...last))
        XCTAssertGreaterThan(last, 9_000_000_010)
        let own = rows.filter { $0[3] == Self.account }.map { $0[1] }
        XCTAssertEqual(own.count, 200)
        XCTAssertEqual(try taskOrders().compactMap { $0["order_id"]?.string }.sorted(), own.sorted())
    }
}
