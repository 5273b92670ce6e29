/// The strategies that the tests run.
///
/// Their jobs are due within a second, at any hour of any day: the time is told as an offset from a market that opens at
/// noon, and an offset may reach into the next day, so midnight is no border.
enum Strategies {
    private static func path(_ name: String, _ text: String) -> String { StrategyShelf.shared.path(name, text) }

    /// What a strategy needs to have jobs due now, and to wait for a file.
    static let tools = """
        import JQTrade
        #if canImport(Glibc)
        import Glibc
        #else
        import Darwin
        #endif

        /// The time of a slot that is `seconds` after the current one.
        func soon(_ context: Context, _ seconds: Int = 1) -> String {
            let offset = Int(context.current_dt.time.seconds) + seconds - 43200
            return offset < 0 ? "open\\(offset)s" : "open+\\(offset)s"
        }

        func trade_now() {
            set_options(use_account: false, calendar: "every_day", market_period: [("12:00:00", "12:30:00")])
        }

        /// Stays until the file of `--param until=` is there.
        func hold(_ context: Context) {
            let path = context.param("until", "")
            while access(path, F_OK) != 0 { poll(nil, 0, 2) }
        }

        """

    /// Has no job that is due, and says when it begins and ends.
    static let idle = path(
        "idle",
        """
        import JQTrade

        func process_initialize(_ context: Context) {
            log.info("the strategy begins, fast is \\(context.param("fast", 5))")
            set_options(use_account: false, calendar: "every_day")
            run_daily(look, "open")
        }
        func look(_ context: Context) {}
        func process_exit(_ context: Context) { log.info("the strategy ends") }
        """)

    /// Has a job that is due within a second and lasts until the file of `--param until=` is there.
    static let busy = path(
        "busy",
        tools + """
            func process_initialize(_ context: Context) {
                trade_now()
                run_daily(work, soon(context))
                if context.param("twice", false) { run_daily(later, soon(context, 2)) }
            }
            func later(_ context: Context) {}
            func work(_ context: Context) {
                log.info("the job begins")
                hold(context)
                log.info("the job ends")
            }
            func process_exit(_ context: Context) { log.info("the strategy ends") }
            """)

    /// Has a job that traps, once in a task's life: its restart finds nothing to do.
    static let trap = path(
        "trap",
        tools + """
            func process_initialize(_ context: Context) {
                trade_now()
                if context.is_restart { return run_daily(look, "open") }
                run_daily(work, soon(context))
            }
            func look(_ context: Context) { log.info("a look") }
            func work(_ context: Context) {
                let prices: [Int] = []
                log.info("the price is \\(prices[context.task_name.count])")  // the trap
            }
            """)
    /// The line of the trap.
    static let trapLine = 1 + tools.split(separator: "\n", omittingEmptySubsequences: false).count + 7

    /// Ends by itself in process_initialize, in the way that `--param how=` names, each time or at a restart only.
    static let fails = path(
        "fails",
        tools + """
            struct Refusal: Error {}
            func process_initialize(_ context: Context) throws {
                set_options(use_account: false, calendar: "every_day")
                run_daily(look, "open")
                if context.param("only_restart", false), !context.is_restart { return }
                fputs("last words\\n", stderr)
                switch context.param("how", "") {
                case "exit": exit(0)
                case "kill": kill(getpid(), SIGKILL)
                case "throw": throw Refusal()
                default: break
                }
            }
            func look(_ context: Context) {}
            """)

    /// Has a job that throws within a second.
    static let throwing = path(
        "throwing",
        tools + """
            struct NoPrice: Error {}
            func process_initialize(_ context: Context) {
                trade_now()
                run_daily(work, soon(context))
            }
            func work(_ context: Context) throws { throw NoPrice() }
            func process_exit(_ context: Context) { log.info("the strategy ends") }
            """)

    /// Has a job that prints without a pause until the file of `--param until=` is there.
    static let printing = path(
        "printing",
        tools + """
            func process_initialize(_ context: Context) {
                trade_now()
                run_daily(work, soon(context))
            }
            func work(_ context: Context) {
                let path = context.param("until", "")
                var count = 0
                while access(path, F_OK) != 0 {
                    count += 1
                    log.info("line \\(count)")
                    Swift.print("own line \\(count)")
                    if count % 20 == 0 { poll(nil, 0, 2) }
                }
            }
            func process_exit(_ context: Context) { log.info("the strategy ends") }
            """)

    /// Writes to its own stdout and stderr, as many lines as `--param lines=` says, and shows its environment.
    static let talking = path(
        "talking",
        tools + """
            func process_initialize(_ context: Context) {
                set_options(use_account: false)
                log.info("first\\nsecond")
                log.debug("for the curious")
                for name in ["A", "B", "API_TOKEN"] {
                    if let value = getenv(name) { log.info("\\(name) is \\(String(cString: value))") }
                }
                Swift.print("by Swift's print")
                fputs("by C's fputs\\n", stderr)
                for line in 0..<context.param("lines", 0) {
                    Swift.print(String(repeating: "word ", count: context.param("words", 0)) + "own line \\(line)")
                }
                fflush(nil)
            }
            """)

    /// Starts a child by the launcher of `--param launcher=`: `setsid` gives it a session of its own, `env` leaves it in
    /// the worker's group. The child notes its pid in the file of `--param pid_file=`.
    static let parent = path(
        "parent",
        tools + """
            func process_initialize(_ context: Context) {
                set_options(use_account: false)
                let line = "\\(context.param("launcher", "setsid")) sh -c 'echo $$ > \\"\\(context.param("pid_file", ""))\\"; exec tail -f /dev/null' &"
                var words: [UnsafeMutablePointer<CChar>?] = [strdup("sh"), strdup("-c"), strdup(line), nil]
                var pid: pid_t = 0
                _ = posix_spawn(&pid, "/bin/sh", nil, nil, &words, environ)
            }
            """)
}
