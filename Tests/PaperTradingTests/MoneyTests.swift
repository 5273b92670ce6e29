import Gates
import Market
import XCTest

@testable import PaperTrading

final class MoneyTests: XCTestCase {
    func testTheLeastCommissionIsPaidOnceForAllFillsOfAnOrder() {
        let floor = Floor()
        floor.flat(at(9, 31), 10)
        let id = floor.order(3000, at(9, 31))
        for minute in 32...34 { floor.flat(at(9, minute), 10, volume: 4000) }
        // 10,000 yuan cost 5 (least), then 20,000 cost 6 and 30,000 cost 9; transfer fee 0.2 a fill.
        XCTAssertEqual(floor.fills.map(\.fees), [yuan(5.2), yuan(1.2), yuan(3.2)])
        XCTAssertEqual(floor.updates()[id]?.commission, yuan(9.6))
        XCTAssertEqual(floor.exchange.cash, yuan(100_000 - 30_009.6))
        XCTAssertEqual(floor.exchange.equity, yuan(100_000 - 9.6))
    }

    func testWhatASaleCostsDependsOnTheKindAndTheDay() {
        let fund = Security("510300.XSHG")
        let bond = Security("113001.XSHG")
        // day, security, fees of selling 100,000 yuan: 30 of commission, duty, transfer fee
        let table: [(Int32, Security, Double)] = [
            (18177, bank, 30 + 100 + 2), (18177, fund, 30), (18177, bond, 30),
            (19594, bank, 30 + 100 + 1), (19597, bank, 30 + 50 + 1), (13700, bank, 30 + 300),
        ]
        for (number, security, fees) in table {
            let day = Day(number: number)
            let floor = Floor {
                $0.tPlus = 0
                $0.initialCash = yuan(200_000)
            }
            floor.flat(at(9, 31, day: day), 10, of: security)
            floor.order(10_000, at(9, 31, day: day), of: security)
            floor.flat(at(9, 32, day: day), 10, of: security)
            floor.order(-10_000, at(9, 32, day: day), of: security)
            floor.flat(at(9, 33, day: day), 10, of: security)
            XCTAssertEqual(floor.fills.last?.fees, yuan(fees), "\(security) on \(day)")
        }
    }

    func testTheCostsOfTheStrategyTakeThePlaceOfAll() throws {
        let costs = try OrderCosts(
            openTax: 0, closeTax: 0.001, openCommission: 0.0003, closeCommission: 0.0002, minCommission: 0)
        let floor = Floor {
            $0.rules = .none
            $0.costs = costs
        }
        floor.flat(at(9, 31), 10.01)
        floor.order(3, at(9, 31))
        floor.flat(at(9, 32), 10.01)
        floor.order(-3, at(9, 32))
        floor.flat(at(9, 33), 11)
        XCTAssertEqual(floor.fills.map(\.fees), [yuan(0.009), yuan(0.0396)], "30.03 × 0.03 %, 33 × 0.12 %")
        XCTAssertEqual(floor.fills.last?.profit, yuan(2.97))
        XCTAssertThrowsError(try OrderCosts(closeTax: 1)) {
            XCTAssertEqual("\($0)", "close_tax is 1.0: a rate is a fraction of the value, like 0.0003")
        }
        XCTAssertThrowsError(try OrderCosts(minCommission: .nan))
    }

    func testADividendAndASplitAtTheOpenOfTheExDate() {
        let wednesday = Day(number: 18178)
        let floor = Floor {
            $0.actions = [
                CorporateAction(security: bank, exDate: wednesday, cash: 235_990, ratio: 1_500_000),
                CorporateAction(security: bank, exDate: tuesday, cash: 1_000_000),
            ]
        }
        floor.flat(at(9, 31), 10)
        floor.order(1000, at(9, 31))
        floor.flat(at(9, 32), 10)
        let before = floor.exchange.cash
        floor.exchange.advance(to: at(9, 0, day: wednesday))
        XCTAssertEqual(floor.exchange.cash, before + yuan(235.99))
        let holding = floor.holding(at(9, 0, day: wednesday))
        XCTAssertEqual(holding?.amount, 1500)
        XCTAssertEqual(holding?.cost, Money(units: 66_666))
        XCTAssertEqual(holding?.lastPrice, Money(units: 65_094), "(10 - 0.2359) / 1.5")
    }

    func testActionsAreReadFromAFile() throws {
        let file = "\u{FEFF}ex_date,code,ratio,cash\r\n2024-07-18,600000.XSHG,,0.32199\n\n20240719,000001.XSHE,1.5,"
        XCTAssertEqual(
            try CorporateAction.read(csv: Array(file.utf8), name: "actions.csv"),
            [
                CorporateAction(
                    security: Security("600000.XSHG"), exDate: Day(number: 19922), cash: 321_990),
                CorporateAction(security: bank, exDate: Day(number: 19923), ratio: 1_500_000),
            ])
        let mistakes = [
            (
                "code,cash\n",
                "actions.csv, line 1: there is no column ex_date; the columns are code, ex_date, cash, ratio"
            ),
            ("code,ex_date\nbank,2024-07-18\n", "actions.csv, line 2: code is \"bank\": write it like 600000.XSHG"),
            (
                "code,ex_date\n000001.XSHE,18.7.24\n",
                "actions.csv, line 2: ex_date is \"18.7.24\": write it like 2024-07-18"
            ),
            (
                "code,ex_date,cash\n\n000001.XSHE,20240718,-1",
                "actions.csv, line 3: cash is \"-1\", which is no number from 0 on"
            ),
        ]
        for (text, sentence) in mistakes {
            XCTAssertThrowsError(try CorporateAction.read(csv: Array(text.utf8), name: "actions.csv")) {
                XCTAssertEqual("\($0)", sentence)
            }
        }
    }
}
