// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

/// A first scenario made from manifests: traffic for every host and path of their Ingresses, one rollout, and
/// expectations that can fail.
public struct FirstScenario: Sendable {
    /// The scenario's text.
    public let text: String
    /// Manifests that the given ones need and lack, as one text; empty when nothing is missing.
    public let extras: String
    /// What was found and what was added, a line each.
    public let remarks: [String]

    /// Reads manifests and writes the scenario.
    ///
    /// - Parameters:
    ///   - paths: Manifest files and folders, as the scenario shall name them: from its own folder.
    ///   - folder: The scenario's folder.
    ///   - extrasName: The file that the extras will be written to, beside the scenario.
    ///   - files: Where files are read.
    /// - Throws: every mistake in the manifests, or that they hold no Ingress.
    public init(
        manifests paths: [String],
        folder: String,
        extrasName: String,
        files: any SourceFiles = DiskFiles()
    ) throws(Mistakes) {
        var loader = ManifestLoader(files: files)
        var objects: [ManifestObject] = []
        var mistakes: [SourceMistake] = []
        for path in paths {
            let resolved = SourcePath.resolve(path, from: folder)
            guard let found = loader.objectFiles(at: resolved), !found.isEmpty else {
                mistakes.append(
                    SourceMistake(
                        place: SourcePlace(file: resolved),
                        message: "there is no manifest",
                        suggestion: loader.help(forMissing: resolved)
                    )
                )
                continue
            }
            for file in found { objects += loader.load(file) }
        }
        mistakes += loader.mistakes
        guard mistakes.isEmpty else { throw Mistakes(mistakes) }
        let found = ManifestFacts(objects.map(\.object))
        guard !found.routes.isEmpty else {
            throw Mistakes([
                SourceMistake(
                    place: SourcePlace(file: paths.first ?? "."),
                    message: found.nothingToAsk.message,
                    suggestion: found.nothingToAsk.help
                )
            ])
        }
        let extras = found.extras
        self.extras = extras.map(\.text).joined(separator: "---\n")
        remarks = found.remarks + extras.map { "added to \(extrasName): \($0.reason)" }
        // What is missing comes first: namespaces have to be there before what lies in them.
        text = Self.text(found, paths: (extras.isEmpty ? [] : [extrasName]) + paths)
    }

    private static func text(_ found: ManifestFacts, paths: [String]) -> String {
        let missing = found.missingCertificates
        // Certificates that are made by a step need a minute until every zone shows them.
        let begin = missing.isEmpty ? "" : ", from: 90s"
        let change = missing.isEmpty ? 20 : 120
        var lines = [
            "# A first scenario, written by `albedo init`. It is yours: change it, then look at it with",
            "# `albedo validate`, run it with `albedo run`, and see it with `albedo run --html run.html`.",
            "scenario: \(quoted("\(found.title) keeps answering while it is changed"))",
            "cluster:",
            "  manifests:",
        ]
        lines += paths.map { "    - \(quoted($0))" }
        lines += ["", "# Who asks for what. Every host and path of the Ingresses is asked for.", "traffic:"]
        for route in found.routes {
            lines.append("  \(route.name):")
            lines.append("    request: \(quoted("GET \(route.url)"))")
            lines.append("    rate: 10/s\(begin.isEmpty ? "" : "\n    from: 90s")")
            if let config = found.albConfig { lines.append("    to: \(quoted(config))") }
        }
        lines += ["", "# What happens, and when.", "steps:"]
        for secret in missing {
            lines += [
                "  # The manifests have no Secret of this name, so a certificate is made for it.",
                "  - at: 0s",
                "    name: \(quoted("certificate-\(secret.name)"))",
                "    rotate-certificate:",
                "      secret: \(quoted(secret.name))", "      namespace: \(quoted(secret.namespace))",
                "      hosts: [\(secret.hosts.map(quoted).joined(separator: ", "))]",
            ]
        }
        if let rollout = found.rollout {
            lines += [
                "  # A rolling update: the same program under another tag.", "  - at: \(change)s",
                "    name: change",
                "    set-image:", "      deployment: \(quoted(rollout.name))",
                "      namespace: \(quoted(rollout.namespace))",
                "      container: \(quoted(rollout.container))",
                "      image: \(quoted(rollout.image))",
            ]
        } else {
            lines += [
                "  # There is no Deployment to roll out, so the controller is restarted instead.",
                "  - at: \(change)s", "    name: change", "    restart: controller",
            ]
        }
        lines += ["", "# What must be seen.", "expect:"]
        for route in found.routes {
            lines += [
                "  # Before the change every answer is good.",
                "  - always: { traffic: \(route.name), status: [2xx, 3xx] }", "    before: change",
            ]
        }
        lines += [
            "  # While pods are replaced most answers are good; with readiness gates and a preStop hook ask for 100%."
        ]
        for route in found.routes {
            lines += [
                "  - after: change",
                "    share: { traffic: \(route.name), status: [2xx, 3xx], at-least: 90% }",
            ]
        }
        lines.append("duration: \(change + 100)s")
        return lines.joined(separator: "\n") + "\n"
    }

    /// A text as YAML takes it for one.
    static func quoted(_ text: String) -> String {
        let isPlain =
            text.first.map { $0.isLetter || $0 == "." || $0 == "/" } ?? false
            && text.utf8.allSatisfy { byte in
                (97...122).contains(byte | 0x20) || (48...57).contains(byte) || "-_./ ".utf8.contains(byte)
            } && text.last != " "
            && !["true", "false", "null", "yes", "no", "on", "off"].contains(text.lowercased())
        if isPlain { return text }
        return "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
