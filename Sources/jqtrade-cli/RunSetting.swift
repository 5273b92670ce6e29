import Engine
import Storage
import StrategyLoading
import Tasks
import Time

/// A strategy's run put together from a launch, the same for a worker and for a look at its schedule.
enum RunSetting {
    static func of(_ launch: TaskLaunch, mode: String, isRemembered: Bool) throws -> StrategyRun.Setting {
        let surroundings = try Surroundings.find()
        let home = Home(path: launch.home)
        var setting = StrategyRun.Setting(
            taskName: launch.name, mode: mode, isRestart: launch.isRestart, startedAt: launch.startedAt,
            folder: isRemembered ? home.tasksFolder + "/" + launch.name : nil, parameters: launch.parameters,
            options: outside(launch),
            calendarFiles: CalendarFiles(closed: home.closedDaysFile, open: home.openDaysFile),
            disk: surroundings.disk, bootID: SystemClock.bootID(), bootTime: { SystemClock.bootTime },
            absolutePath: surroundings.absolute, jobName: functionName)
        setting.paperFiles = PaperFiles(rules: home.rulesFile, actions: home.actionsFile)
        setting.gates = BrokerGates.rack(mayTrade: isRemembered)
        if isRemembered { setting.stopNote = try home.stopNote(of: TaskName(launch.name)) }
        setting.livingTasks = {
            surroundings.registry.tasks().filter(\.isAlive).map(\.status.name).compactMap { name in
                guard name != launch.name, let name = try? TaskName(name),
                    let schedule = try? GetSchedule.recorded(name, surroundings)
                else {
                    return nil
                }
                return schedule.folder.map { (name.text, $0) }
            }
        }
        return setting
    }

    /// Says what is wrong with the options from outside the strategy before anything is compiled: the run would say the
    /// same, later.
    static func check(_ launch: TaskLaunch) throws {
        var problems: [String] = []
        _ = Options(outside(launch), gates: BrokerGates.rack(mayTrade: false), problems: &problems)
        guard problems.isEmpty else { throw Failure(.notInitialized, problems.joined(separator: "\n")) }
    }

    private static func outside(_ launch: TaskLaunch) -> Options.Outside {
        var outside = Options.Outside()
        outside.commandLine = launch.settings
        outside.config = launch.config
        outside.configPath = launch.configPath ?? "--config"
        outside.homeConfig = launch.homeConfig
        outside.homeConfigPath = Home(path: launch.home).configFile
        outside.foreignNames = SupervisionSettings.keys
        return outside
    }
}
