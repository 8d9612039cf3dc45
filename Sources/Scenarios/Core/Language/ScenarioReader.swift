// SPDX-License-Identifier: Apache-2.0

/// Reads scenario files.
public struct ScenarioReader: Sendable {
    private let files: any SourceFiles
    private let vocabulary: Vocabulary

    /// Makes a reader.
    public init(files: any SourceFiles = DiskFiles(), vocabulary: Vocabulary = Vocabulary()) {
        self.files = files
        self.vocabulary = vocabulary
    }

    /// The scenario files that a path names: itself, or those of a folder and its folders in the order of their
    /// paths.
    ///
    /// A file of a folder counts when it has a `scenario` key, so that manifests may lie beside.
    ///
    /// - Throws: a mistake when there is nothing.
    public func scenarioFiles(at path: String) throws(SourceMistake) -> [String] {
        let loader = ManifestLoader(files: files)
        let path = SourcePath.resolve(path, from: ".")
        guard let found = loader.manifestFiles(at: path) else {
            throw SourceMistake(
                place: SourcePlace(file: path),
                message: "there is no such file or folder",
                suggestion: loader.help(forMissing: path)
            )
        }
        if files.names(in: path) == nil { return found }
        let scenarios = found.filter(loader.isScenario)
        if scenarios.isEmpty {
            throw SourceMistake(
                place: SourcePlace(file: path),
                message: "the folder holds no scenario",
                suggestion: "a scenario is a .yaml file that begins with `scenario: …`"
            )
        }
        return scenarios
    }

    /// Reads one scenario with all manifests that it names.
    ///
    /// - Throws: every mistake in them.
    public func read(_ path: String) throws(Mistakes) -> Scenario {
        guard let bytes = files.bytes(of: path) else {
            let help = ManifestLoader(files: files).help(forMissing: path)
            throw Mistakes([
                SourceMistake(
                    place: SourcePlace(file: path),
                    message: "there is no such file",
                    suggestion: help
                )
            ])
        }
        do {
            return try read(SourceText(path: path, bytes: bytes))
        } catch let mistake as SourceMistake {
            throw Mistakes([mistake])
        } catch let mistakes as Mistakes {
            throw mistakes
        } catch {
            throw Mistakes([SourceMistake(place: SourcePlace(file: path), message: "\(error)")])
        }
    }

    private func read(_ source: SourceText) throws -> Scenario {
        let documents = try YAMLParser.documents(source)
        let start = YAMLNode.Mark(line: 1, column: 1)
        guard let root = documents.first(where: { !$0.isNull }) else {
            throw source.mistake(start, "the file is empty", "begin with `scenario: what it is about`")
        }
        let book = SourceBook(source)
        let decoding = Decoding(sources: book, files: files, vocabulary: vocabulary)
        for extra in documents.filter({ !$0.isNull }).dropFirst() {
            decoding.mistake(
                extra.mark,
                "a file holds one scenario, found another",
                "move it to a file of its own"
            )
        }
        let whole = try Includes(decoding: decoding, files: files).resolve(root)
        let composed = Composition(decoding: decoding).parts(of: whole)
        var mistakes = decoding.mistakes
        var parts: [ScenarioPart] = []
        for part in composed {
            // A baseline of a text that cannot be read has nothing to add.
            guard mistakes.isEmpty || part.red == nil else { break }
            parts.append(read(part, book, &mistakes))
        }
        guard mistakes.isEmpty, var scenario = parts.first?.runs.first?.scenario else {
            throw Mistakes(mistakes)
        }
        if parts.count > 1 || parts[0].runs.count > 1 { scenario.parts = parts }
        return scenario
    }

    /// Reads the runs of a part; a text that several runs share has its mistakes once.
    private func read(
        _ part: Composition.Part,
        _ book: SourceBook,
        _ mistakes: inout [SourceMistake]
    ) -> ScenarioPart {
        var runs: [ScenarioPart.Run] = []
        var names: [String] = []
        let last = Decoding(sources: book, files: files, vocabulary: vocabulary)
        for run in part.runs {
            let decoding = Decoding(sources: book, files: files, vocabulary: vocabulary)
            let scenario = ScenarioRecord.record.reader.read(run.root, decoding)
            // What was told when the text was written out is not told again in other words.
            let told = mistakes.map(\.place)
            mistakes += decoding.mistakes.filter { !told.contains($0.place) }
            guard decoding.mistakes.isEmpty, let scenario else { break }
            names += scenario.expectations.compactMap(\.name).filter { !names.contains($0) }
            runs.append(ScenarioPart.Run(label: run.label, values: run.values, scenario: scenario))
        }
        // A baseline may break the law of the sweep like any expectation.
        if let law = part.law?["name"]?.scalar?.text, !names.contains(law) { names.append(law) }
        var kind = ScenarioPart.Kind.corrected
        if let red = part.red {
            for node in red where mistakes.isEmpty && !names.contains(node.keyText) {
                last.mistake(
                    node.mark,
                    "no expectation is called \"\(node.keyText)\"",
                    names.isEmpty
                        ? "give the expectations that it breaks a `name:`"
                        : NearMiss.help(for: node.keyText, among: names)
                )
            }
            kind = .baseline(red: red.map(\.keyText))
            mistakes += last.mistakes
        }
        var law: ScaleLaw?
        if mistakes.isEmpty, let node = part.law {
            law = CompositionWords.lawRecord.reader.read(node, last)
            if let law { check(law, at: node, part, runs.last, last) }
            mistakes += last.mistakes
        }
        var read = ScenarioPart(
            name: part.name,
            kind: kind,
            isSearch: part.isSearch,
            runs: runs,
            place: book.text(part.mark.file).place(part.mark)
        )
        read.law = law
        return read
    }

    /// Reports a law over a value or about a figure that there is not.
    private func check(
        _ law: ScaleLaw,
        at node: YAMLNode,
        _ part: Composition.Part,
        _ run: ScenarioPart.Run?,
        _ decoding: Decoding
    ) {
        let values = Array((part.runs.last?.values ?? [:]).keys).sorted()
        if !values.contains(law.over) {
            let help = values.isEmpty ? "add `sweep: {\(law.over): [100, 200, 400]}`" : nil
            decoding.mistake(
                (node["over"] ?? node).mark,
                "no sweep goes through \"\(law.over)\"",
                help ?? NearMiss.help(for: law.over, among: values)
            )
        }
        let figures = run?.scenario.expectations.compactMap(\.figure) ?? []
        if !figures.contains(law.figure) {
            let help = figures.isEmpty ? "give an expectation `figure: \(law.figure)`" : nil
            decoding.mistake(
                (node["figure"] ?? node).mark,
                "no expectation tells a figure \"\(law.figure)\"",
                help ?? NearMiss.help(for: law.figure, among: figures)
            )
        }
    }
}
