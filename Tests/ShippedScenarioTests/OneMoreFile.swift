// SPDX-License-Identifier: Apache-2.0
@testable import Scenarios

/// The disk with one more file.
struct OneMoreFile: SourceFiles {
    let path: String
    let text: String

    func bytes(of path: String) -> [UInt8]? {
        path == self.path ? Array(text.utf8) : DiskFiles().bytes(of: path)
    }

    func names(in folder: String) -> [String]? { DiskFiles().names(in: folder) }
}
