import Engine
import FileOrders
import Storage
import Time

/// The gates to a broker that this program has, by the words of `trade_gate`.
enum BrokerGates {
    static func rack(mayTrade: Bool) -> GateRack {
        GateRack([kind("onequant", .oneQuant), kind("cats", .cats)], mayTrade: mayTrade)
    }

    private static func kind(_ name: String, _ format: OrderFileFormat) -> GateRack.Kind {
        GateRack.Kind(name: name, optionNames: FileOrderGate.optionNames) {
            // A clock of its own: the loop's must be told of every move of the wall clock.
            FileOrderGate(format: format, disk: SystemDisk(), clock: SystemClock())
        }
    }
}
