// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A file that a command writes: it is there whole, or not at all.
struct OutputFile {
    /// Why a file could not be written.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    let path: String

    /// Makes sure, before any work is done, that the file can be written.
    ///
    /// - Throws: `Failure`.
    func check() throws(Failure) {
        let manager = FileManager.default
        var isFolder: ObjCBool = false
        if manager.fileExists(atPath: path, isDirectory: &isFolder) {
            if isFolder.boolValue { throw Failure(description: "\(path) cannot be written: it is a folder") }
            guard manager.isWritableFile(atPath: path) else {
                throw Failure(description: "\(path) cannot be written: its permissions do not let you")
            }
        }
        let folder = Self.folder(of: path)
        guard manager.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
            throw Failure(description: "\(path) cannot be written: there is no folder \(folder)")
        }
        guard manager.isWritableFile(atPath: folder) else {
            throw Failure(
                description: "\(path) cannot be written: the permissions of \(folder) do not let you"
            )
        }
    }

    /// Writes the file: under another name first, so that nobody sees half of it.
    ///
    /// - Throws: `Failure` when the disk is full, or something else is in the way.
    func write(_ text: String) throws(Failure) {
        do {
            try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
        } catch {
            let reason = (error as NSError).userInfo[NSUnderlyingErrorKey].map { "\($0)" }
            throw Failure(
                description: "\(path) cannot be written: \(reason ?? error.localizedDescription)"
            )
        }
    }

    static func folder(of path: String) -> String {
        let folder = URL(filePath: path).deletingLastPathComponent().relativePath
        return folder.isEmpty ? "." : folder
    }
}
