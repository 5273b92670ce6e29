import Gates
import Market

extension OrderFileFormat {
    /// 安信 / 国投 OneQuant, DMA orders.
    public static let oneQuant = OrderFileFormat(
        name: "onequant", title: "OneQuant",
        orders: FileLayout(
            stem: "algoOrder_",
            columns: [
                .init("updTime", .time), .init("custBatchNo", .id), .init("acctType", .counterType),
                .init("acct", .account), .init("symbol", .symbol), .init("tradeSide", .side),
                .init("targetQty", .amount), .init("algoId", .algorithm), .init("priceType", .priceType),
                .init("ticks", .zero), .init("highLimitPrice", .price), .init("lowLimitPrice", .secondPrice),
            ]),
        cancels: FileLayout(stem: "algoOrderStop_", columns: [.init("updTime", .time), .init("custBatchNo", .id)]),
        results: FileLayout(
            stem: "execResult_",
            columns: [
                .init("updTime", .time), .init("resultType", .answered), .init("custBatchNo", .id),
                .init("status", .verdict), .init("errorCode", .errorCode), .init("errorMsg", .message),
            ], required: [.answered, .id, .verdict]),
        reports: FileLayout(
            stem: "orderUpdate_",
            columns: [
                .init("updTime", .time), .init("orderDate", .orderDate), .init("orderTime", .orderTime),
                .init("acctType", .counterType), .init("acct", .account), .init("symbol", .symbol),
                .init("tradeSide", .side), .init("status", .status), .init("orderQty", .amount),
                .init("orderPrice", .price), .init("orderType", .priceType), .init("filledQty", .filledAmount),
                .init("avgPrice", .averagePrice), .init("filledAmt", .filledValue),
                .init("cancelQty", .canceledAmount), .init("orderNo", .counterNumber), .init("corrId", nil),
                .init("custBatchNo", .id), .init("text", .message), .init("cliOrderId", nil),
            ], required: [.status, .id, .filledAmount]),
        assets: FileLayout(
            stem: "assetInfo_", endsWithEmptyRow: true,
            columns: [
                .init("acct", .account), .init("exchange", .exchange), .init("totalAsset", .totalValue),
                .init("enabledBalance", .availableCash), .init("currentBalance", .cash),
            ]),
        positions: FileLayout(
            stem: "positionInfo_", endsWithEmptyRow: true,
            columns: [
                .init("acct", .account), .init("symbol", .symbol), .init("currentQty", .heldAmount),
                .init("enabledQty", .availableAmount), .init("costPrice", .cost), .init("lastPrice", .lastPrice),
                .init("mktValue", .value),
            ]),
        codes: OrderCodes(
            suffixes: [.shenzhen: ".SZ", .shanghai: ".SH"], buy: "1", sell: "2",
            statuses: [
                "0": .open, "1": .filling, "2": .filled, "3": .partly_canceled, "4": .canceled, "5": .rejected,
                "7": .new, "8": .canceling,
            ],
            // The terminal answers P6 (up-limit) and P7 (down-limit) with a price error.
            limit: "AT", best: "AT", marketBuy: "P6", marketSell: "P7", marketStandard: .bestOpposite,
            orderInstruction: "", cancelInstruction: "", orderAnswer: "1", cancelAnswer: "2", accepted: "0",
            refused: "1"),
        // The longest that a known client sends: ten digits of a 32-bit number.
        ids: IDWidth(digits: 10, largest: 4_294_967_295), lineEnd: "\n", accountTypes: ["STOCK"],
        counterTypes: ["UM0", "UF0", "AT0"], algorithm: "DMA")
}
