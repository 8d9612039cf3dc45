// SPDX-License-Identifier: Apache-2.0
import JSON
import Storage

/// One reading of a scenario file: its text, what is known so far, and the mistakes.
final class Decoding {
    let sources: SourceBook
    /// The scenario file itself.
    var source: SourceText { sources.text(0) }
    let files: any SourceFiles
    let vocabulary: Vocabulary
    /// Every mistake so far; reading goes on after each.
    private(set) var mistakes: [SourceMistake] = []
    /// The kinds of objects that may be named; grows with the definitions in manifests.
    var kinds = KindTable()
    /// All objects of all manifests so far.
    var objects: [ManifestObject] = []
    /// The names of what sends requests: traffic and probes.
    var trafficNames: [String] = []
    /// The nodes that the cluster is to have; nil for the usual ones.
    var nodes: [NodeSpec]?
    /// What steps have exported so far.
    var exported: [ObjectReference] = []
    /// The names of steps.
    var steps = StepNames()
    /// The step that is being read.
    var currentStep: (number: Int, name: String?) = (0, nil)
    /// What probes expect.
    var probeExpectations: [Expectation] = []
    /// Checks that need the whole scenario.
    var later: [(Decoding) -> Void] = []
    /// An empty run to ask queries of; made when the first query comes.
    var queryCheckRun: RunFileWriter?
    /// The manifest files whose objects are among `objects`.
    private var learnt: Set<String> = []

    init(sources: SourceBook, files: any SourceFiles, vocabulary: Vocabulary) {
        self.sources = sources
        self.files = files
        self.vocabulary = vocabulary
    }

    /// Reports a mistake in the scenario file.
    func mistake(_ mark: YAMLNode.Mark, _ message: String, _ suggestion: String?) {
        mistakes.append(sources.text(mark.file).mistake(mark, message, suggestion))
    }

    /// A place in the scenario file or in one that it includes.
    func place(_ mark: YAMLNode.Mark) -> SourcePlace { sources.text(mark.file).place(mark) }

    /// Reports that a node is not what is wanted.
    func wrongType(_ node: YAMLNode, _ shape: ValueShape, _ suggestion: String? = nil) {
        mistake(node.mark, "expected \(shape.phrase), found \(node.found)", suggestion ?? shape.help)
    }

    /// A node as JSON; what cannot be JSON is reported.
    func json(_ node: YAMLNode) -> JSONValue {
        node.json { mark, problem in mistake(mark, problem.message, problem.suggestion) }
    }

    /// The objects of a manifest file or folder, named from the scenario's folder.
    func manifests(at node: YAMLNode) -> [ManifestObject]? {
        guard let scalar = node.scalar, !scalar.isNull else {
            wrongType(node, .scalar(ScalarShape("a path", example: "manifests/cafe.yaml")))
            return nil
        }
        var loader = ManifestLoader(files: files)
        let folder = SourcePath.folder(of: sources.text(node.mark.file).path)
        let path = SourcePath.resolve(scalar.text, from: folder)
        guard let found = loader.objectFiles(at: path) else {
            mistake(
                node.mark,
                "there is no file or folder \"\(scalar.shown)\"",
                help(forMissing: scalar.text, path, loader)
            )
            return nil
        }
        if found.isEmpty {
            mistake(
                node.mark,
                "the folder \"\(scalar.shown)\" holds no manifest",
                "manifests end in .yaml, .yml or .json"
            )
            return nil
        }
        var objects: [ManifestObject] = []
        for file in found {
            let isKnown = sources.manifests[file] != nil
            let fresh = sources.manifests[file] ?? loader.load(file)
            if !isKnown { sources.manifests[file] = fresh }
            if learnt.insert(file).inserted { learn(fresh) }
            objects += fresh
        }
        mistakes += loader.mistakes
        return objects
    }

    /// The objects that stand in the scenario itself.
    func inlineObjects(_ node: YAMLNode) -> [ManifestObject] {
        var loader = ManifestLoader(files: files)
        let objects = loader.objects(of: node, in: sources.text(node.mark.file))
        mistakes += loader.mistakes
        learn(objects)
        return objects
    }

    func learn(_ more: [ManifestObject]) {
        objects += more
        for object in more { kinds.learn(definition: object.json) }
    }

    /// The near miss of a path, written the way the author wrote the path.
    private func help(forMissing written: String, _ path: String, _ loader: ManifestLoader) -> String? {
        let folder = SourcePath.folder(of: path)
        guard let names = files.names(in: folder),
            let nearest = NearMiss.nearest(
                to: SourcePath.name(of: path),
                in: names.filter { !$0.hasPrefix(".") }
            )
        else { return loader.help(forMissing: path) }
        let slash = written.lastIndex(of: "/").map { written[...$0] } ?? ""
        return "did you mean \"\(slash)\(nearest)\"?"
    }
}

/// Words that belong to other parts, for checking what a scenario names; an empty list is not checked.
public struct Vocabulary: Sendable {
    /// The actions that the cloud answers: `CreateRule`.
    public var cloudActions: [String]
    /// The quotas and their codes.
    public var quotas: [String]
    /// The cloud's state transitions that can be timed.
    public var transitions: [String]
    /// The controller's defects, by number: `B-07`.
    public var defects: [String]

    /// Makes a vocabulary.
    public init(
        cloudActions: [String] = [],
        quotas: [String] = [],
        transitions: [String] = [],
        defects: [String] = []
    ) {
        self.cloudActions = cloudActions
        self.quotas = quotas
        self.transitions = transitions
        self.defects = defects
    }
}
