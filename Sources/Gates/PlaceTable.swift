/// Finds small numbers, the places of orders in a list, by a number made of what is looked for. An order is looked up with
/// everything that happens to it, and a table for any keys would spend more on reckoning their hash than on looking.
public struct PlaceTable {
    /// Small, so that many are at hand: half of a key is enough to be mistaken seldom.
    @usableFromInline struct Slot {
        @usableFromInline var key: UInt32 = 0
        /// Below 0: nothing is here.
        @usableFromInline var place: Int32 = -1

        @inlinable init() {}
    }

    @usableFromInline var slots: ContiguousArray<Slot> = []
    /// How many places have been added.
    public private(set) var count = 0

    /// An empty table.
    public init() {}

    /// The place with this key that is meant: different things may have the same key.
    @inlinable public func place(_ key: UInt64, where isMeant: (Int) -> Bool) -> Int? {
        if slots.isEmpty { return nil }
        let key = UInt32(truncatingIfNeeded: key)
        let mask = slots.count &- 1
        var index = Int(key) & mask
        while slots[index].place >= 0 {
            if slots[index].key == key, isMeant(Int(slots[index].place)) { return Int(slots[index].place) }
            index = (index &+ 1) & mask
        }
        return nil
    }

    /// Adds a place; one with the same key stays as well.
    public mutating func add(_ place: Int, _ key: UInt64) {
        // At most half of the slots are taken, so that a search ends soon.
        if count &* 2 >= slots.count { grow() }
        put(place, UInt32(truncatingIfNeeded: key))
        count &+= 1
    }

    /// Forgets all places.
    public mutating func removeAll() {
        // Most tables stay as small as they were.
        if slots.count > 64 { slots.removeAll() } else { for index in slots.indices { slots[index].place = -1 } }
        count = 0
    }

    private mutating func grow() {
        let old = slots
        slots = ContiguousArray(repeating: Slot(), count: max(16, old.count * 2))
        for slot in old where slot.place >= 0 { put(Int(slot.place), slot.key) }
    }

    private mutating func put(_ place: Int, _ key: UInt32) {
        let mask = slots.count &- 1
        var index = Int(key) & mask
        while slots[index].place >= 0 { index = (index &+ 1) & mask }
        slots[index].key = key
        slots[index].place = Int32(truncatingIfNeeded: place)
    }
}

/// Numbers made of what is looked for, for a `PlaceTable`: the same on every machine and in every run.
public struct PlaceKey {
    /// The number so far.
    public private(set) var number: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// Nothing so far.
    public init() {}

    /// The key of an order's id.
    public init(_ id: OrderID) {
        self.init()
        add(id)
    }

    /// Goes on with a number.
    public mutating func add(_ word: UInt64) {
        let product = (number ^ word).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        number = (product.high ^ product.low) &+ 0x9E37_79B9_7F4A_7C15
    }

    /// Goes on with a text.
    public mutating func add(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            let bytes = UnsafeRawBufferPointer(bytes)
            add(UInt64(bytes.count))
            var index = 0
            while index &+ 8 <= bytes.count {
                add(bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
                index &+= 8
            }
            let rest = bytes.count &- index
            if rest == 0 { return }
            if rest >= 4 {
                // Two pieces of four, which share what is between them.
                let first = bytes.loadUnaligned(fromByteOffset: index, as: UInt32.self)
                let last = bytes.loadUnaligned(fromByteOffset: bytes.count &- 4, as: UInt32.self)
                return add(UInt64(first) << 32 | UInt64(last))
            }
            add(bytes[index...].reduce(0) { $0 << 8 | UInt64($1) })
        }
    }
}
