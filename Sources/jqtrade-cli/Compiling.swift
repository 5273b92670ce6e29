import StrategyLoading
import Tasks

/// Compiling as all commands do it: in the foreground, into the home's build folder, the progress on stderr.
enum Compiling {
    /// A builder that finds helper modules in JQTRADE_PATH, or in the one given instead.
    static func builder(in surroundings: Surroundings, path: String?) -> StrategyBuilder {
        var environment = surroundings.environment
        if let path { environment["JQTRADE_PATH"] = path }
        return StrategyBuilder(buildFolder: surroundings.home.buildFolder, environment: environment) {
            Console.complain($0)
        }
    }

    /// The library of a strategy, compiled now or before; it is not cleaned away while the answer is held.
    static func prepare(
        _ code: String, in surroundings: Surroundings, path: String? = nil
    ) throws -> PreparedStrategy {
        do throws(StrategyError) {
            let prepared = try builder(in: surroundings, path: path).prepare(code: code)
            if !prepared.warnings.isEmpty { Console.complain(prepared.warnings) }
            return prepared
        } catch {
            throw Failure(error)
        }
    }
}
