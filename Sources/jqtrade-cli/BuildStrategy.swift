import StrategyLoading
import Tasks

/// `build_strategy`: a library for machines without a compiler.
enum BuildStrategy {
    static let form = CommandLineForm(
        name: "build_strategy", summary: "compile a strategy into a library for a machine without a compiler",
        options: [
            .init(
                short: "c", long: "code", value: "CODE", isRequired: true,
                help: "the strategy: a .swift file or a folder"),
            .init(
                short: "o", long: "out", value: "OUT", isRequired: true,
                help: "the library to write, its name ending in .so or .dylib"),
        ],
        notes: "The library runs with this very build of jqtrade, and is refused by any other.")

    static func run(_ arguments: Arguments) throws -> ExitCode {
        let code = try arguments.required("code", form)
        let out = try arguments.required("out", form)
        guard out.hasSuffix(".so") || out.hasSuffix(".dylib") else {
            throw UsageError("--out \"\(out)\" must end in .so or .dylib, for start_task -c knows a library by that.")
        }
        let surroundings = try Surroundings.find()
        do throws(StrategyError) {
            _ = try Compiling.builder(in: surroundings, path: nil).export(
                code: surroundings.absolute(code), to: surroundings.absolute(out))
        } catch {
            throw Failure(error)
        }
        Console.say("built \(out)")
        return .done
    }
}
