// swift-tools-version: 6.0
import PackageDescription

/// One room of the house: a module, its tests beside it, and the rooms below that it may use.
struct Room {
    let name: String
    let uses: [String]
}

/// The floors, from the ground up. `Tests/HouseRulesTests` holds this list against `docs/architecture.md`.
let rooms = [
    Room(name: "Notation", uses: []),
    Room(name: "Market", uses: []),
    Room(name: "Time", uses: ["CSupport", "Market"]),
    Room(name: "Storage", uses: ["CSupport", "Market"]),
    Room(name: "Processes", uses: ["CSupport"]),
    Room(name: "Logs", uses: ["CSupport", "Market", "Notation"]),
    Room(name: "Simulation", uses: ["CSupport", "Market", "Storage", "Time"]),
    Room(name: "Scheduling", uses: ["Market", "Notation", "Storage"]),
    Room(name: "Tasks", uses: ["CSupport", "Logs", "Market", "Notation", "Processes", "Storage", "Time"]),
    Room(name: "MarketData", uses: ["CSupport", "Market", "Notation", "Processes", "Storage", "Time"]),
    Room(name: "Gates", uses: ["Market", "Notation"]),
    Room(name: "Accounts", uses: ["Gates", "Market", "Notation", "Storage"]),
    Room(name: "PaperTrading", uses: ["Gates", "Market", "Notation", "Storage"]),
    Room(name: "JQTrade", uses: ["Gates", "Market", "Notation"]),
    Room(
        name: "FileOrders",
        uses: ["Gates", "Market", "MarketData", "Notation", "PaperTrading", "Simulation", "Storage", "Time"]),
    Room(name: "StrategyLoading", uses: ["CSupport", "JQTrade", "Notation", "Processes", "Storage"]),
    Room(
        name: "Engine",
        uses: [
            "Accounts", "Gates", "JQTrade", "Logs", "Market", "MarketData", "Notation", "PaperTrading", "Scheduling",
            "Storage", "Time",
        ]),
    Room(name: "Reports", uses: ["CSupport", "Gates", "Market", "Notation"]),
]

/// A strategy library leaves JQTrade's symbols undefined and finds them in the program that loads it.
let exportsSymbols: [LinkerSetting] = [
    .unsafeFlags(["-Xlinker", "--export-dynamic"], .when(platforms: [.linux]))
]

let cliRooms: [Target.Dependency] = [
    "Accounts", "CSupport", "Engine", "FileOrders", "Gates", "JQTrade", "Logs", "Market", "MarketData", "Notation",
    "PaperTrading", "Processes", "Reports", "Scheduling", "Storage", "StrategyLoading", "Tasks", "Time",
]

let package = Package(
    name: "jqtrade",
    platforms: [.macOS(.v14)],
    products: [.executable(name: "jqtrade", targets: ["jqtrade-cli"])],
    targets: [
        .target(
            name: "CSupport",
            linkerSettings: [
                .linkedLibrary("iconv", .when(platforms: [.macOS])), .linkedLibrary("m", .when(platforms: [.linux])),
            ])
    ]
        + rooms.map { .target(name: $0.name, dependencies: $0.uses.map { .init(stringLiteral: $0) }) }
        + [
            .executableTarget(
                name: "jqtrade-cli", dependencies: cliRooms, linkerSettings: exportsSymbols),
            .executableTarget(name: "jqtrade-bench", dependencies: cliRooms + ["Simulation", "jqtrade-cli"]),
            .target(
                name: "TestSupport", dependencies: ["CSupport", "Gates", "Market", "Processes", "Storage", "Time"],
                path: "Tests/TestSupport"),
            .testTarget(name: "HouseRulesTests", dependencies: ["TestSupport"]),
            .testTarget(
                name: "IntegrationTests",
                dependencies: [
                    "CSupport", "Engine", "JQTrade", "Logs", "Market", "Notation", "Processes", "Simulation", "Storage",
                    "TestSupport", "Time", "jqtrade-bench", "jqtrade-cli",
                ]),
        ]
        + rooms.map { room in
            .testTarget(
                name: "\(room.name)Tests",
                dependencies: Set([room.name] + room.uses + ["CSupport", "Simulation", "TestSupport"]).sorted()
                    .map { .init(stringLiteral: $0) })
        },
    swiftLanguageModes: [.v6]
)
