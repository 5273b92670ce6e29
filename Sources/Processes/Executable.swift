import CSupport

/// A path that starts the running program again, free of links; empty if the system does not tell. Once its file has
/// been replaced by another, on Linux, that is `/proc/self/exe`, so that a task which was started before an upgrade goes
/// on with the program that it was started with.
public func currentExecutable() -> String {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    let length = cs_executable_path(&buffer, buffer.count - 1)
    guard length > 0 else { return "" }
    var running = stat()
    var named = stat()
    if stat("/proc/self/exe", &running) == 0,
        stat(buffer, &named) != 0 || named.st_ino != running.st_ino || named.st_dev != running.st_dev
    {
        return "/proc/self/exe"
    }
    if let path = realpath(buffer, nil) {
        defer { free(path) }
        return String(cString: path)
    }
    return String(decoding: buffer.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// The program of that name in the folders of a `PATH`, or the name itself if it is a path; nil if none may be
/// executed. Relative folders are passed over: what lies where the user happens to stand is not meant.
public func findExecutable(_ name: String, path: String?) -> String? {
    if name.contains("/") { return isExecutable(name) ? name : nil }
    guard !name.isEmpty, let path else { return nil }
    let folders = path.split(separator: ":").filter { $0.hasPrefix("/") }
    return folders.lazy.map { "\($0)/\(name)" }.first(where: isExecutable)
}

private func isExecutable(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & mode_t(S_IFMT) == mode_t(S_IFREG) && access(path, X_OK) == 0
}

/// What tells this build of the program from any other: the linker's mark (GNU build-id, LC_UUID) in hexadecimal.
///
/// Where the linker left none it is `file-` with the program's inode, size and time of change: that differs for a copy
/// of the same build too, so that at worst something is built again.
public func buildID() -> String {
    var bytes = [UInt8](repeating: 0, count: 64)
    let length = cs_build_id(&bytes, bytes.count)
    guard length == 0 else { return bytes.prefix(length).map { hexadecimal($0) }.joined() }
    return fileMark(currentExecutable())
}

func fileMark(_ path: String) -> String {
    var status = stat()
    guard stat(path, &status) == 0 else { return "file-unknown" }
    #if os(Linux)
        let changed = status.st_mtim
    #else
        let changed = status.st_mtimespec
    #endif
    let parts = [UInt64(status.st_ino), UInt64(status.st_size.magnitude)].map { String($0, radix: 16) }
    return "file-\(parts.joined(separator: "-"))-\(changed.tv_sec).\(changed.tv_nsec)"
}

private func hexadecimal(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }
