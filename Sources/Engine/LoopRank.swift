/// The order of work at one instant: the account is read first, then the market's news is heard, then slots run.
enum LoopRank {
    static let sync = 0
    static let market = 1
    static let slots = 2
}
