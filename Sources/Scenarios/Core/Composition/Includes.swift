// SPDX-License-Identifier: Apache-2.0

/// Takes in the files that a scenario includes: what the scenario says itself counts more.
struct Includes {
    let decoding: Decoding
    let files: any SourceFiles

    /// How deep files may include files.
    private static let depth = 8

    /// The text with everything that it includes.
    func resolve(_ root: YAMLNode, depth: Int = 0) throws(SourceMistake) -> YAMLNode {
        guard let include = root["include"], root.entries != nil else { return root }
        var base = YAMLNode(content: .mapping([]), mark: root.mark)
        for item in include.items ?? [include] {
            guard let scalar = item.scalar, !scalar.isNull else {
                decoding.wrongType(item, .scalar(ScalarShape("a path", example: "common/cafe.yaml")))
                continue
            }
            guard depth < Self.depth else {
                decoding.mistake(item.mark, "files include each other without end", "take one `include` out")
                break
            }
            if let more = try read(scalar.text, item, depth: depth) { base = Self.join(more, after: base) }
        }
        return Self.join(root.without(["include"]), after: base)
    }

    private func read(_ written: String, _ node: YAMLNode, depth: Int) throws(SourceMistake) -> YAMLNode? {
        let folder = SourcePath.folder(of: decoding.sources.text(node.mark.file).path)
        let path = SourcePath.resolve(written, from: folder)
        guard let bytes = files.bytes(of: path) else {
            let help = ManifestLoader(files: files).help(forMissing: path)
            decoding.mistake(node.mark, "there is no file \"\(written)\" to include", help)
            return nil
        }
        let source = try SourceText(path: path, bytes: bytes)
        let number = decoding.sources.number(of: path) ?? decoding.sources.add(source)
        guard let root = try YAMLParser.documents(source, file: number).first(where: { !$0.isNull }) else {
            return nil
        }
        guard root.entries != nil else {
            decoding.mistake(
                root.mark,
                "expected keys of a scenario, found \(root.found)",
                "write them as in a scenario"
            )
            return nil
        }
        return try resolve(root, depth: depth + 1)
    }

    /// One text after another: steps and expectations follow, of everything else the later counts.
    private static func join(_ later: YAMLNode, after earlier: YAMLNode) -> YAMLNode {
        var joined = Overlay.lay(later, over: earlier)
        for key in ["steps", "expect"] {
            guard let first = earlier[key]?.items, let second = later[key]?.items, var list = joined[key]
            else {
                continue
            }
            list.content = .sequence(first + second)
            joined = joined.with(key, list)
        }
        return joined
    }
}
