import CSupport

exit(Program.run(Array(CommandLine.arguments.dropFirst())).rawValue)
