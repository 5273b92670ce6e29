import CSupport

/// What a command says to the person or program that called it. A reader that has gone away is no error.
enum Console {
    static func say(_ text: String) { write(text + "\n", to: 1) }
    static func complain(_ text: String) { write(text + "\n", to: 2) }

    /// True when stdout is a terminal.
    static var isTerminal: Bool { isatty(1) == 1 }

    /// Writes the text as it is, without a line's end.
    static func write(_ text: String, to descriptor: Int32) { write(Array(text.utf8), to: descriptor) }

    /// Writes all bytes, however long that takes.
    static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var bytes = bytes[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { CSupport.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 { bytes = bytes.dropFirst(count) } else if cs_errno() != EINTR { return }
        }
    }
}
