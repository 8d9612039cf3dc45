// SPDX-License-Identifier: Apache-2.0

/// The files that one scenario is made of: its own, those that it includes, and the manifests read for it.
final class SourceBook {
    private var texts: [SourceText]
    /// The objects of manifest files that have been read, by path.
    var manifests: [String: [ManifestObject]] = [:]

    init(_ scenario: SourceText) {
        texts = [scenario]
    }

    /// A file by the number in its marks; 0 is the scenario.
    func text(_ file: Int) -> SourceText { texts[file] }

    /// Adds a file that is included; gives its number.
    func add(_ text: SourceText) -> Int {
        texts.append(text)
        return texts.count - 1
    }

    /// The number of a file that is part of the book already.
    func number(of path: String) -> Int? { texts.firstIndex { $0.path == path } }
}
