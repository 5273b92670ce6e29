/// The word that was probably meant: the known one that fewest typing errors lead from, or nil if all are too far off.
///
/// A wrong, missing, surplus or swapped letter is one error. A word of up to four letters may have one, of up to eight
/// two, a longer one three; capitals do not count. Of equally near words the first is taken.
public func nearest(to word: String, in known: some Sequence<String>) -> String? {
    let typed = Array(word.lowercased().unicodeScalars)
    guard typed.count <= 100 else { return nil }
    let allowed = typed.count <= 4 ? 1 : typed.count <= 8 ? 2 : 3
    var best: (word: String, errors: Int)?
    for candidate in known {
        let letters = Array(candidate.lowercased().unicodeScalars)
        guard abs(letters.count - typed.count) <= allowed else { continue }
        let errors = typingErrors(from: typed, to: letters)
        if errors <= allowed, errors < best?.errors ?? .max { best = (candidate, errors) }
    }
    return best?.word
}

/// The edit distance that counts two swapped neighbours as one error.
private func typingErrors(from a: [Unicode.Scalar], to b: [Unicode.Scalar]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
        var row = [i + 1]
        for j in b.indices {
            var errors = min(last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { errors = min(errors, beforeLast[j - 1] + 1) }
            row.append(errors)
        }
        beforeLast = last
        last = row
    }
    return last[b.count]
}
