import Gates
import Market
import XCTest

@testable import Accounts

final class TransitionTests: XCTestCase {
    /// Lines: where the order stands. Columns: what is told. `+` it becomes that, `=` it stays and the rest counts, `-` no.
    private let table = """
                        new open filling filled canceling partly_canceled canceled rejected unknown
        new              =    +     +      +        +            +           +        +       +
        open             -    =     +      +        +            +           +        +       -
        filling          -    -     +      +        +            +           +        -       -
        filled           -    -     -      -        -            -           -        -       -
        canceling        =    =     =      +        =            +           +        +       -
        partly_canceled  -    -     -      -        -            -           -        -       -
        canceled         -    -     -      -        -            -           -        -       -
        rejected         -    -     -      -        -            -           -        -       -
        unknown          +    +     +      +        +            +           +        +       =
        """

    func testTheTableHolds() throws {
        let lines = table.split(separator: "\n").map { $0.split(separator: " ") }
        let columns = try lines[0].map { try XCTUnwrap(OrderStatus(rawValue: String($0))) }
        XCTAssertEqual(Set(columns), Set(OrderStatus.allCases))
        XCTAssertEqual(lines.count, OrderStatus.allCases.count + 1)
        for line in lines.dropFirst() {
            let from = try XCTUnwrap(OrderStatus(rawValue: String(line[0])))
            for (to, sign) in zip(columns, line.dropFirst()) {
                let expected: Transition = sign == "+" ? .take : sign == "=" ? .keep : .no
                XCTAssertEqual(from.transition(to: to), expected, "\(from) → \(to)")
            }
        }
    }

    private func order(_ status: OrderStatus, filled: Int64 = 0, ours: Bool = false) -> OrderState {
        let ticket = OrderTicket(
            id: "1", security: bank, side: .buy, position: .long, amount: 300, pricing: .limit(yuan(10)),
            day: ordinaryDay, createdAt: at(10, 0))
        var state = OrderState(ticket, priceThen: yuan(10))
        state.status = status
        state.filledAmount = filled
        state.filledValue = yuan(10 * Double(filled))
        state.isOurVerdict = ours
        return state
    }

    private func hear(
        _ state: OrderState, _ status: OrderStatus, filled: Int64? = nil, canceled: Int64? = nil
    ) -> Verdict {
        state.hearing(
            OrderUpdate(id: "1", news: .state(status), filledAmount: filled, canceledAmount: canceled), at: at(10, 1))
    }

    private func status(_ verdict: Verdict) -> OrderStatus? {
        if case .obeyed(let state) = verdict { state.status } else { nil }
    }

    private func isNo(_ verdict: Verdict) -> Bool { if case .notObeyed = verdict { true } else { false } }

    func testAmountsThatCannotBeAreNotObeyed() {
        XCTAssertTrue(isNo(hear(order(.filling, filled: 200), .filling, filled: 100)))
        XCTAssertTrue(isNo(hear(order(.open), .filling, filled: 301)))
        XCTAssertTrue(isNo(hear(order(.open), .filling, filled: -1)))
        XCTAssertTrue(isNo(hear(order(.open), .filled, filled: 200)))
        XCTAssertTrue(isNo(hear(order(.open), .rejected, filled: 100)))
        XCTAssertTrue(isNo(hear(order(.open), .canceled, filled: 300)))
        XCTAssertTrue(isNo(hear(order(.open), .partly_canceled, filled: 100, canceled: 100)))
        XCTAssertTrue(isNo(hear(order(.filled, filled: 300), .open, filled: 300)))
    }

    func testWordAndAmountsAreMadeToAgree() {
        XCTAssertEqual(status(hear(order(.new), .open, filled: 100)), .filling)
        XCTAssertEqual(status(hear(order(.open), .canceled, filled: 100)), .partly_canceled)
        XCTAssertEqual(status(hear(order(.open), .partly_canceled, filled: 0)), .canceled)
        XCTAssertEqual(status(hear(order(.new), .filling, filled: 0)), .open)
        guard case .obeyed(let done) = hear(order(.open), .filled) else { return XCTFail("not obeyed") }
        XCTAssertEqual(done.filledAmount, 300)
        XCTAssertEqual(done.filledValue, yuan(3000))
        guard case .obeyed(let part) = hear(order(.open), .canceled, filled: 100) else { return XCTFail("not obeyed") }
        XCTAssertEqual(part.canceledAmount, 200)
        XCTAssertEqual(part.rest, 0)
    }

    func testWhatIsKnownIsNothingNew() {
        XCTAssertEqual(hear(order(.filled, filled: 300), .filled, filled: 300), .nothingNew)
        XCTAssertEqual(hear(order(.canceled), .canceled), .nothingNew)
    }

    func testACancelingOrderTakesFillsAndStays() {
        guard case .obeyed(let state) = hear(order(.canceling), .filling, filled: 100) else {
            return XCTFail("not obeyed")
        }
        XCTAssertEqual(state.status, .canceling)
        XCTAssertEqual(state.filledAmount, 100)
    }

    func testARefusedCancelPutsTheOrderBack() {
        for (filled, expected) in [(0, OrderStatus.open), (100, .filling)] as [(Int64, OrderStatus)] {
            let verdict = order(.canceling, filled: filled).hearing(
                OrderUpdate(id: "1", news: .cancelRefused("too late")), at: at(10, 1))
            guard case .obeyed(let state) = verdict else { return XCTFail("not obeyed") }
            XCTAssertEqual(state.status, expected)
            XCTAssertEqual(state.message, "too late")
        }
        let finished = order(.filled, filled: 300).hearing(
            OrderUpdate(id: "1", news: .cancelRefused("too late")), at: at(10, 1))
        XCTAssertEqual(status(finished), .filled)
    }

    func testOurOwnVerdictsYieldToTheBroker() {
        XCTAssertEqual(status(hear(order(.rejected, ours: true), .open)), .open)
        XCTAssertEqual(status(hear(order(.rejected, ours: true), .filled)), .filled)
        XCTAssertEqual(status(hear(order(.canceled, ours: true), .filled)), .filled)
        XCTAssertEqual(status(hear(order(.canceled, ours: true), .filling, filled: 100)), .filling)
        XCTAssertTrue(isNo(hear(order(.canceled, ours: true), .open)))
        XCTAssertTrue(isNo(hear(order(.rejected), .open)))
    }
}
