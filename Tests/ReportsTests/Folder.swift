// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A folder of a test's own, gone with the test.
final class Folder {
    private let url: URL

    init() {
        url = FileManager.default.temporaryDirectory.appending(path: "albedo-\(UUID().uuidString)")
        try? FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appending(path: name).path }

    func write(_ name: String, _ text: String) throws {
        let target = url.appending(path: name)
        try FileManager.default.createDirectory(
            at: target.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: target)
    }

    var files: [String] {
        (FileManager.default.enumerator(atPath: url.path)?.compactMap { $0 as? String } ?? []).sorted()
    }

    func bytes(_ name: String) throws -> Data { try Data(contentsOf: url.appending(path: name)) }
}
