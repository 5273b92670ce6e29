/// Ups and downs that follow from a key and can be asked for at any place: waves of many lengths, each from one random
/// height to the next. The longest are the highest, as in a random walk.
///
/// Neighbouring places are cheap to ask for one after the other.
struct ValueNoise: Sendable {
    private struct Wave: Sendable {
        let shift: Int64
        let height: Int64
        var cell = Int64.min
        var from: Int64 = 0
        var to: Int64 = 0
    }

    private let key: UInt64
    private var waves: [Wave]

    /// The shortest of so many waves has this height, and is two to the power of `shift` long.
    init(key: UInt64, shift: Int, count: Int, height: Int64) {
        self.key = key
        var heights = [height, height * 1414 / 1000]
        while heights.count < count { heights.append(heights[heights.count - 2] * 2) }
        waves = (0..<count).map { Wave(shift: Int64(shift + $0), height: heights[$0]) }
    }

    /// The height at a place.
    mutating func at(_ place: Int64) -> Int64 {
        var sum: Int64 = 0
        for index in waves.indices {
            let shift = waves[index].shift
            let cell = place >> shift
            if waves[index].cell != cell { enter(cell, index) }
            let within = place - cell << shift
            sum += (waves[index].from * (1 << shift - within) + waves[index].to * within) >> shift
        }
        return sum
    }

    private mutating func enter(_ cell: Int64, _ index: Int) {
        waves[index].cell = cell
        waves[index].from = corner(cell, waves[index])
        waves[index].to = corner(cell + 1, waves[index])
    }

    private func corner(_ cell: Int64, _ wave: Wave) -> Int64 {
        let random = mixed(key, UInt64(bitPattern: wave.shift), UInt64(bitPattern: cell))
        return ((Int64(random >> 43) - 1 << 20) * wave.height) >> 20
    }
}

/// A random number that follows from three others (the mixing function of SplitMix64, twice).
func mixed(_ key: UInt64, _ a: UInt64, _ b: UInt64) -> UInt64 { mixed(mixed(key &+ a) &+ b) }

private func mixed(_ value: UInt64) -> UInt64 {
    var mixed = value &+ 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
}
