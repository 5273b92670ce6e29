import CSupport

exit(Bench.run(Array(CommandLine.arguments.dropFirst())))
