import Gates
import Market

extension OrderFileFormat {
    /// 中信 CATS, as far as it is known: orders and cancels in one file, reports in another, and nothing that is known of
    /// cash and positions.
    public static let cats = OrderFileFormat(
        name: "cats", title: "CATS",
        orders: catsOrders, cancels: catsOrders, results: nil,
        reports: FileLayout(
            stem: "OrderReportList", isDaily: false, hasHeader: false,
            columns: [
                .init("client_id", .id), .init("ord_no", .counterNumber), .init("ord_status", .status),
                .init("acct_type", .counterType), .init("acct", .account), .init("cats_acct", nil),
                .init("symbol", .symbol), .init("tradeside", .side), .init("ord_qty", .amount),
                .init("ord_px", .price), .init("ord_type", .priceType), .init("ord_param", nil),
                .init("corr_type", nil), .init("corr_id", nil), .init("filled_qty", .filledAmount),
                .init("avg_px", .averagePrice), .init("cxl_qty", .canceledAmount), .init("ord_time", .orderTime),
                .init("err_msg", .message), .init("write_time", nil),
            ], required: [.id, .status, .filledAmount]),
        assets: nil, positions: nil,
        codes: OrderCodes(
            suffixes: [.shenzhen: ".SZ", .shanghai: ".SH"], buy: "1", sell: "2",
            // 6 is "not accepted by the counter".
            statuses: [
                "0": .open, "1": .filling, "2": .filled, "3": .partly_canceled, "4": .canceled, "5": .rejected,
                "6": .rejected,
            ],
            // Q: the opposite side's best price; U: the best five levels, the rest canceled.
            limit: "0", best: "Q", marketBuy: "U", marketSell: "U", marketStandard: .limitPrice,
            orderInstruction: "O", cancelInstruction: "C", orderAnswer: "", cancelAnswer: "", accepted: "", refused: ""),
        ids: IDWidth(digits: 8, largest: 99_999_999), lineEnd: "\n", accountTypes: ["STOCK"],
        counterTypes: ["0", "F0", "SHF0", "S0"], algorithm: nil)

    /// A cancel names the counter's number of the order, so that one without an answer cannot be canceled.
    private static let catsOrders = FileLayout(
        stem: "OrderList", isDaily: false, hasHeader: false,
        columns: [
            .init("inst_type", .instruction), .init("client_id", .id), .init("acct_type", .counterType),
            .init("acct", .account), .init("order_no", .counterNumber), .init("symbol", .symbol),
            .init("tradeside", .side), .init("ord_qty", .amount), .init("ord_price", .price),
            .init("ord_type", .priceType), .init("ord_param", nil),
        ], required: [.instruction, .id])
}
