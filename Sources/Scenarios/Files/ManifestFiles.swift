// SPDX-License-Identifier: Apache-2.0
public import JSON
public import KubernetesAPI

/// Kubernetes manifests, and other documents, from files of the disk.
public enum ManifestFiles {
    /// The objects of files and folders, and what was wrong with these.
    public static func read(_ paths: [String]) -> (objects: [KubernetesObject], mistakes: [String]) {
        var loader = ManifestLoader(files: DiskFiles())
        var objects: [KubernetesObject] = []
        var missing: [String] = []
        for path in paths {
            guard let files = loader.objectFiles(at: path) else {
                missing.append("\(path): there is no such file or folder")
                continue
            }
            for file in files { objects += loader.load(file).map(\.object) }
        }
        return (objects, missing + loader.mistakes.map(\.description))
    }

    /// The value of a YAML or JSON file of one document.
    ///
    /// - Throws: `SourceMistake` with its place.
    public static func value(ofFile path: String) throws(SourceMistake) -> JSONValue {
        guard let bytes = DiskFiles().bytes(of: path) else {
            throw SourceMistake(place: SourcePlace(file: path), message: "the file cannot be read")
        }
        let documents = try YAMLParser.documents(try SourceText(path: path, bytes: bytes))
        return documents.first { !$0.isNull }?.json { _, _ in } ?? .null
    }
}
