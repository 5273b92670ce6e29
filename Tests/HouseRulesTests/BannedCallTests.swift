import XCTest

/// Calls that have one home, or none.
final class BannedCallTests: XCTestCase {
    private struct Ban {
        let pattern: String
        let folders: [String]
        /// Where it is allowed: paths that begin like this.
        var except: [String] = []
        let remedy: String
    }

    private let bans = [
        Ban(
            pattern: #"\bimport (Foundation|Dispatch|Glibc|Darwin)\b"#, folders: ["Sources"],
            remedy: "import CSupport: Foundation doubles the time that a command takes to start"),
        Ban(
            pattern: #"\b(sleep|usleep|nanosleep|clock_nanosleep|asyncAfter)\s*\(|Thread\.sleep|Task\.sleep"#,
            folders: ["Sources", "Tests"], except: ["Sources/jqtrade-bench/", "Sources/CSupport/"],
            remedy: "wait through MarketClock, or in a test for a condition with a deadline"),
        Ban(
            pattern: #"\b(clock_gettime|gettimeofday|mach_absolute_time)\b|\btime\(nil\)|\bDate\(\)|Date\.now"#,
            folders: ["Sources"], except: ["Sources/CSupport/", "Sources/jqtrade-bench/"],
            remedy: "take the time as a parameter, or ask a MarketClock"),
        Ban(
            pattern: #"\bcs_(wall|elapsed|monotonic)_nanoseconds\b"#, folders: ["Sources"],
            except: ["Sources/CSupport/", "Sources/Time/"], remedy: "only SystemClock asks the system for the time"),
        Ban(
            pattern: #"\b(posix_spawnp?|fork|vfork|execve?|system|popen)\s*\("#, folders: ["Sources"],
            except: ["Sources/CSupport/", "Sources/Processes/"], remedy: "spawn through Processes"),
        Ban(
            pattern: #"try!|fatalError\(|preconditionFailure\(|\bas!"#, folders: ["Sources"],
            remedy: "throw a typed error with a sentence: nothing from outside may trap"),
        Ban(
            pattern: #"\bDouble\.random|\.random\(|\.shuffled\(|SystemRandomNumberGenerator"#,
            folders: ["Sources/Engine", "Sources/Scheduling", "Sources/Market"],
            remedy: "take numbers from a seeded source, so that a run can be repeated"),
    ]

    func testBannedCallsStayOutsideTheirHome() throws {
        for ban in bans {
            let expression = try NSRegularExpression(pattern: ban.pattern)
            for folder in ban.folders {
                for file in try SourceTree.project.files(in: folder, ending: ".swift")
                where !ban.except.contains(where: file.path.hasPrefix) && !file.path.hasPrefix("Tests/HouseRulesTests")
                {
                    for (index, line) in file.lines.enumerated() {
                        let code = SourceTree.File.code(line)
                        let range = NSRange(code.startIndex..., in: code)
                        guard expression.firstMatch(in: code, range: range) != nil else { continue }
                        XCTFail(
                            "\(file.path):\(index + 1): \(code.trimmingCharacters(in: .whitespaces)): \(ban.remedy)")
                    }
                }
            }
        }
    }

    func testABanFindsWhatItForbids() throws {
        let samples = [
            "import Foundation", "usleep(100)", "let now = Date()", "cs_wall_nanoseconds()", "posix_spawn(&pid, path)",
            "let x = try! read()", "Double.random(in: 0...1)",
        ]
        for (ban, sample) in zip(bans, samples) {
            let expression = try NSRegularExpression(pattern: ban.pattern)
            let range = NSRange(sample.startIndex..., in: sample)
            XCTAssertNotNil(expression.firstMatch(in: sample, range: range), "\(ban.pattern) lets pass: \(sample)")
        }
    }
}
