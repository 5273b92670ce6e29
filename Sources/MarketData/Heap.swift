extension Array {
    /// Lets the first of a heap sink to where it belongs.
    @inline(__always)
    mutating func sinkFirst(_ isLess: (Element, Element) -> Bool) {
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < count && isLess(self[child], self[least]) {
                least = child
            }
            if least == parent { return }
            swapAt(parent, least)
            parent = least
        }
    }

    /// Lets the last of a heap rise to where it belongs.
    @inline(__always)
    mutating func raiseLast(_ isLess: (Element, Element) -> Bool) {
        var child = count - 1
        while child > 0, isLess(self[child], self[(child - 1) / 2]) {
            swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }
}
