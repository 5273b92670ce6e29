import CSupport
import Simulation

/// Hostile files of a broker's terminal: never a crash, never a hang, never a number taken that is not the one in the
/// file. Each input follows from its seed alone.
enum Fuzz {
    /// No input takes longer than this, or something hangs.
    private static let longest: Int64 = 2_000_000_000

    static func run(_ words: [String]) throws -> Int32 {
        let (inputs, seed) = try read(words)
        for signal in [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE, SIGALRM] { tellSeed(at: signal) }
        let began = stopwatch()
        var coverage = FuzzCoverage()
        for number in 0..<UInt64(inputs) {
            currentSeed = seed &+ number
            if number % 1000 == 0 { _ = alarm(30) }
            let input = FuzzInput(seed: currentSeed)
            let start = stopwatch()
            do {
                try input.check(&coverage)
                guard stopwatch() - start < longest else { throw BenchError("it took longer than 2 s") }
            } catch {
                print("input \(currentSeed) (run it alone: --inputs 1 --seed \(currentSeed)): \(error)")
                for (name, bytes) in input.files { print("  \(name): \(shown(bytes))") }
                return 1
            }
        }
        _ = alarm(0)
        let seconds = Double(stopwatch() - began) / 1e9
        print(
            "\(inputs) inputs from seed \(seed) on, \(decimal(Double(inputs) / seconds)) inputs/s: no crash, no hang, no wrong"
                + " number.")
        for line in coverage.lines { print(line) }
        for kind in coverage.thin {
            print("too little of \(kind.rawValue) is taken or refused: nothing is proved of it")
        }
        return coverage.thin.isEmpty ? 0 : 1
    }

    private static func read(_ words: [String]) throws -> (inputs: Int, seed: UInt64) {
        var inputs = 1_000_000
        var seed: UInt64 = 1
        var rest = words[...]
        while let name = rest.popFirst() {
            switch (name, rest.popFirst().flatMap(UInt64.init)) {
            case ("--inputs", let value?) where value < 1 << 40: inputs = Int(value)
            case ("--seed", let value?): seed = value
            default: throw BenchError("\(name) is not --inputs N or --seed S, each with a whole number")
            }
        }
        return (inputs, seed)
    }

    private static func shown(_ bytes: [UInt8]) -> String {
        let hex = Array("0123456789abcdef")
        var text = ""
        for byte in bytes {
            let isPlain = (0x20...0x7E).contains(byte) && byte != 0x5C
            text += isPlain ? String(Unicode.Scalar(byte)) : "\\x\(hex[Int(byte >> 4)])\(hex[Int(byte & 15)])"
        }
        return text
    }

    /// A crash or a hang says which input it was.
    private static func tellSeed(at number: Int32) {
        signal(number) { _ in
            var digits: [UInt8] = []
            var rest = currentSeed
            repeat {
                digits.insert(0x30 + UInt8(rest % 10), at: 0)
                rest /= 10
            } while rest > 0
            let text = Array("jqtrade-bench fuzz: a crash or a hang at --inputs 1 --seed ".utf8) + digits + [0x0A]
            _ = write(2, text, text.count)
            _exit(3)
        }
    }
}

/// The input that is being looked at, for the handler of a crash; one thread alone writes it.
nonisolated(unsafe) private var currentSeed: UInt64 = 0
