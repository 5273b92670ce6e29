import Gates
import Market
import Notation
import Storage
import Time

/// The way to a broker's terminal that watches a folder: orders and cancels go out as rows of files there, and what
/// becomes of them is read from the terminal's files. It knows no broker; the format tells it all.
///
/// The folder belongs to an account's terminal, and other programs and people write there too.
public final class FileOrderGate: TradeGate {
    /// What is agreed with the terminal.
    public let format: OrderFileFormat

    let disk: any FileStore
    let clock: any MarketClock
    let statusCodes: StatusCodes
    /// Whether a cancel has to name the number that the counter gave the order.
    let cancelsNameCounter: Bool
    var numbers: OrderNumbers
    var own: OwnOrders

    // All of these are there from `setup` on.
    var desk: GateDesk?
    var options: FileOrderOptions?
    var log = GateLog { _, _ in }
    var files: FolderFiles?
    var writer: OrderWriter?

    /// The day that the ids' prefix was drawn for.
    var numberDay: Day?
    /// Ids that have been handed to `submit`: none is written twice.
    var submitted: Set<UInt64> = []
    /// The day and prefix that have been looked for in the order files under their lock.
    var checkedPrefix: (prefix: UInt64, day: Day)?
    /// What is to be told by the next `updates`.
    var waiting: [OrderUpdate] = []
    /// The terminal's growing files by their names.
    var replies: [String: ReplyFile] = [:]
    var replyDay: Day?
    /// The days of our orders that replies may still come for.
    var ownDays: Set<Day> = []
    var signs = SignsOfLife()
    var snapshots = SnapshotReader()
    /// Whether an account was ever read.
    var hasAccount = false

    /// A gate that speaks this format. The clock is waited through while a file is locked, and must not be the one whose
    /// moves somebody else is to hear of: a live worker gives the gate a `SystemClock` of its own. The random numbers make
    /// the ids of this run unlike those of any other.
    public init(
        format: OrderFileFormat, disk: any FileStore, clock: any MarketClock,
        random: any RandomNumberGenerator = SystemRandomNumberGenerator()
    ) {
        self.format = format
        self.disk = disk
        self.clock = clock
        statusCodes = StatusCodes(format.codes.statuses)
        cancelsNameCounter = format.cancels.column(of: .counterNumber) != nil
        numbers = OrderNumbers(digits: format.ids.digits, largest: format.ids.largest, random: random)
        own = OwnOrders(numbers)
    }

    /// The names of the options that every file-order gate takes.
    public static var optionNames: [String] { FileOrderOptions.names }
    /// The same, as of any gate.
    public var optionNames: [String] { Self.optionNames }

    /// Reads the options and looks at the folder. Nothing is written there.
    public func setup(_ desk: GateDesk) throws {
        let options = try FileOrderOptions(desk.options, format)
        self.desk = desk
        self.options = options
        log = GateLog(desk.log)
        try checkFolder(options.folder, desk)
        let files = FolderFiles(
            disk: disk, clock: clock, log: log, interval: options.lockInterval, patience: options.lockTimeout)
        self.files = files
        writer = OrderWriter(files: files, log: log, lineEnd: format.lineEnd) { [unowned self] path, bytes in
            lineWasCut(path, bytes)
        }
        log.say(.info, "\(format.title): account …\(options.account.suffix(3)), folder \(options.folder)")
        if options.marketOrders == .bestOpposite {
            log.say(
                .info,
                "\(format.title) takes no market orders: they are written at the other side's best price"
                    + " (market_order is \"best_opposite\")")
        }
    }

    /// The folder must be there at the first start; later it may be a share that is not mounted at the moment.
    private func checkFolder(_ folder: String, _ desk: GateDesk) throws {
        let note = "\(desk.folder)/order_dir"
        let problem: String
        do {
            guard let found = try disk.identity(of: folder) else {
                throw GateSetupError(description: "it does not exist")
            }
            guard found.isFolder else { throw GateSetupError(description: "it is no folder") }
            try? disk.replaceFile(note, with: Array(folder.utf8), durable: false)
            return
        } catch {
            problem = "\(error)"
        }
        let sentence =
            "\(format.title): order_dir \(folder) cannot be used: \(problem). Name the folder that the terminal watches"
        if let known = try? disk.readFile(note), known.elementsEqual(folder.utf8) {
            return log.say(.error, "\(sentence), or mount it: until then no order can be sent")
        }
        throw GateSetupError(description: sentence)
    }

    /// The file of a layout on a day.
    func path(_ layout: FileLayout, _ day: Day) -> String { "\(options?.folder ?? "")/\(layout.name(on: day))" }

    /// What the terminal writes.
    var terminalLayouts: [FileLayout] {
        [format.results, format.reports, format.assets, format.positions].compactMap { $0 }
    }

    /// The number that an id of ours is; nil if it cannot be one.
    func number(_ id: OrderID) -> UInt64? {
        guard let number = digitsOnly(Array(id.utf8)), number <= format.ids.largest, id.utf8.first != 0x30 else {
            return nil
        }
        return number
    }

    /// Of some terminals the account's files are not known.
    public var hasAccountSide: Bool { format.assets != nil && format.positions != nil }

    /// Only the account's files are written anew whether or not anything happens, and tell whether the terminal lives;
    /// reports come with orders alone, and no report for an hour says nothing.
    public var watchesSilence: Bool { hasAccountSide }

    /// When the terminal last wrote one of the account's files of today.
    public var lastSign: Instant? {
        guard let desk else { return nil }
        let day = desk.day()
        let paths = [format.assets, format.positions].compactMap { $0.map { path($0, day) } }
        return signs.look(at: paths, disk, now: clock.now)
    }
}
