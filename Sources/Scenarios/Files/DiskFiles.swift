// SPDX-License-Identifier: Apache-2.0
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The files of the machine.
public struct DiskFiles: SourceFiles {
    /// Makes it.
    public init() {}

    /// The bytes of a file.
    public func bytes(of path: String) -> [UInt8]? {
        FileManager.default.contents(atPath: path).map { Array($0) }
    }

    /// The names in a folder.
    public func names(in folder: String) -> [String]? {
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)
        return names?.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
