import FileOrders
import Simulation

/// One hostile content of the folder: what a terminal or a client might write, and what disks, people and programs make
/// of it. Most files are as they should be but for a mutation or two, so that what is wrong is met on the way in.
struct FuzzInput {
    static let account = "1234567"

    let kind: FuzzKind
    /// The contents by the files' stems.
    private(set) var files: [(name: String, bytes: [UInt8])] = []
    /// Where the growing files are cut into what is there at first and what comes later.
    private(set) var cuts: [Int] = []

    init(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        kind = FuzzKind.allCases[Int(seed % UInt64(FuzzKind.allCases.count))]
        let isWild = random.oneIn(5)
        // An account is taken only if both of its files are whole.
        let mutations = kind == .account ? [0, 0, 0, 0, 0, 1, 1, 2] : [0, 0, 1, 1, 1, 1, 2, 3]
        for layout in kind.layouts {
            var writer = FuzzWriter(kind, layout, isWild: isWild, random: SeededRandom(seed: random.next()))
            var bytes = writer.file()
            for _ in 0..<mutations[Int.random(in: 0..<8, using: &random)] {
                Mutation.apply(to: &bytes, &random)
            }
            files.append((layout.stem, bytes))
        }
        if kind == .trades { files.append(("tradeUpdate_", Mutation.rubbish(&random))) }
        let longest = files.first?.bytes.count ?? 0
        cuts = (0..<Int.random(in: 0...2, using: &random)).map { _ in Int.random(in: 0...longest, using: &random) }
            .sorted()
    }
}
