// SPDX-License-Identifier: Apache-2.0

/// Where scenarios and manifests are read from.
public protocol SourceFiles: Sendable {
    /// The bytes of a file; nil when there is no such file or it cannot be read.
    func bytes(of path: String) -> [UInt8]?

    /// The names in a folder, sorted as bytes; nil when there is no such folder.
    func names(in folder: String) -> [String]?
}

/// Files held in memory, by their paths: for tests and for programs that make scenarios.
public struct MemoryFiles: SourceFiles {
    private let texts: [String: [UInt8]]

    /// Makes files from their texts.
    public init(_ texts: [String: String]) {
        self.texts = texts.mapValues { Array($0.utf8) }
    }

    /// Makes files from their bytes.
    public init(bytes: [String: [UInt8]]) {
        texts = bytes
    }

    /// The bytes of a file.
    public func bytes(of path: String) -> [UInt8]? { texts[path] }

    /// The names in a folder: every beginning of a path is one.
    public func names(in folder: String) -> [String]? {
        let prefix = folder == "." || folder.isEmpty ? "" : folder + "/"
        let names = texts.keys.filter { $0.hasPrefix(prefix) }
            .compactMap { $0.dropFirst(prefix.count).split(separator: "/").first.map(String.init) }
        return names.isEmpty ? nil : Set(names).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
