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

    /// What an update makes of an order.
    private enum Outcome: Equatable {
        case obeyed(OrderState)
        case nothingNew
        case notObeyed(String)
    }

    /// What is not obeyed leaves the order as it is.
    private func hear(_ state: OrderState, _ update: OrderUpdate) -> Outcome {
        var next = state
        switch next.hear(update, at: at(10, 1)) {
        case .obeyed(let step):
            XCTAssertEqual(step, OrderStep(from: state, to: next))
            return .obeyed(next)
        case .nothingNew:
            XCTAssertEqual(next, state)
            return .nothingNew
        case .notObeyed(let reason):
            XCTAssertEqual(next, state)
            return .notObeyed(reason)
        }
    }

    private func hear(
        _ state: OrderState, _ status: OrderStatus, filled: Int64? = nil, canceled: Int64? = nil
    ) -> Outcome {
        hear(state, OrderUpdate(id: "1", news: .state(status), filledAmount: filled, canceledAmount: canceled))
    }

    private func status(_ outcome: Outcome) -> OrderStatus? {
        if case .obeyed(let state) = outcome { state.status } else { nil }
    }

    private func isNo(_ outcome: Outcome) -> Bool { if case .notObeyed = outcome { true } else { false } }

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

    private func refuseCancel(_ state: OrderState) -> OrderState? {
        let outcome = hear(state, OrderUpdate(id: "1", news: .cancelRefused("too late")))
        return if case .obeyed(let state) = outcome { state } else { nil }
    }

    /// The order keeps its state, and is as much without an answer as it was.
    func testARefusedCancelPutsTheOrderBack() throws {
        for (status, filled) in [(.new, 0), (.open, 0), (.filling, 100)] as [(OrderStatus, Int64)] {
            var state = order(status, filled: filled)
            state.beginCancel()
            XCTAssertEqual(state.status, .canceling)
            state = try XCTUnwrap(refuseCancel(state))
            XCTAssertEqual(state.status, status)
            XCTAssertEqual(state.message, "too late")
            XCTAssertFalse(state.isAnswered)
        }
        XCTAssertEqual(refuseCancel(order(.new))?.status, .new)
        XCTAssertEqual(refuseCancel(order(.filled, filled: 300))?.status, .filled)
    }

    /// What is heard of the order while its cancel is on its way counts when that is refused.
    func testWhatIsHeardDuringACancelCountsAfterIt() throws {
        var state = order(.new)
        state.beginCancel()
        guard case .obeyed(let heard) = hear(state, .open) else { return XCTFail("not obeyed") }
        XCTAssertEqual(heard.status, .canceling)
        XCTAssertEqual(refuseCancel(heard)?.status, .open)
        guard case .obeyed(let part) = hear(state, .filling, filled: 100) else { return XCTFail("not obeyed") }
        XCTAssertEqual(refuseCancel(part)?.status, .filling)
        guard case .obeyed(let asked) = hear(order(.open), .canceling) else { return XCTFail("not obeyed") }
        XCTAssertEqual(refuseCancel(asked)?.status, .open)
    }

    /// Why a cancel was refused is not what became of the order.
    func testTheReasonOfARefusedCancelIsNotTheOrders() throws {
        let refused = try XCTUnwrap(refuseCancel(order(.open)))
        guard case .obeyed(let filled) = hear(refused, .filled) else { return XCTFail("not obeyed") }
        XCTAssertEqual(filled.message, "")
        XCTAssertEqual(refuseCancel(order(.filled, filled: 300))?.message, "")
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
