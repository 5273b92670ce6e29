import CSupport

/// What a read found.
public enum ReadResult: Equatable, Sendable {
    /// So many bytes as were there, at least one.
    case bytes([UInt8])
    /// Nothing at the moment.
    case wouldBlock
    /// The other side has closed, and everything has been read.
    case end
    /// The read failed with this `errno`.
    case failed(Int32)
}

/// What a write did.
public enum WriteResult: Equatable, Sendable {
    /// So many bytes are out; the rest, if any, must wait for room.
    case wrote(Int)
    /// The other side has closed.
    case closed
    /// The write failed with this `errno`.
    case failed(Int32)
}

/// A pipe; no program that we start inherits it unless it is handed over.
public func makePipe() throws(SystemError) -> (readEnd: Int32, writeEnd: Int32) {
    var ends: [Int32] = [-1, -1]
    guard cs_pipe(&ends) == 0 else { throw SystemError("make a pipe") }
    return (ends[0], ends[1])
}

/// Two connected stream sockets; no program that we start inherits them unless they are handed over.
public func makeSocketPair() throws(SystemError) -> (ours: Int32, theirs: Int32) {
    var ends: [Int32] = [-1, -1]
    guard cs_socket_pair(&ends) == 0 else { throw SystemError("make a pair of sockets") }
    return (ends[0], ends[1])
}

/// From now on reads and writes of the descriptor return at once. It applies to everybody who shares the open file.
@discardableResult
public func setNonBlocking(_ descriptor: Int32) -> Bool {
    let flags = cs_fcntl(descriptor, F_GETFL, 0)
    return flags >= 0 && cs_fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0
}

/// One read of what is there, at most 64 KB.
public func readAvailable(_ descriptor: Int32) -> ReadResult {
    while true {
        var count = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, initialized in
            count = read(descriptor, buffer.baseAddress, buffer.count)
            initialized = max(0, count)
        }
        if count > 0 { return .bytes(bytes) }
        if count == 0 { return .end }
        let error = cs_errno()
        if error == EAGAIN || error == EWOULDBLOCK { return .wouldBlock }
        if error != EINTR { return .failed(error) }
    }
}

/// Writes all bytes, or on a non-blocking descriptor as many as there is room for.
public func writeAvailable(_ descriptor: Int32, _ bytes: some Collection<UInt8>) -> WriteResult {
    let done = bytes.withContiguousStorageIfAvailable { writeAvailable(descriptor, UnsafeRawBufferPointer($0)) }
    return done ?? Array(bytes).withUnsafeBytes { writeAvailable(descriptor, $0) }
}

private func writeAvailable(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> WriteResult {
    var written = 0
    while written < bytes.count {
        let count = write(descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
        if count >= 0 {
            written += count
            continue
        }
        switch cs_errno() {
        case EINTR: continue
        case EAGAIN, EWOULDBLOCK: return .wrote(written)
        case EPIPE, ECONNRESET: return .closed
        case let error: return .failed(error)
        }
    }
    return .wrote(written)
}
