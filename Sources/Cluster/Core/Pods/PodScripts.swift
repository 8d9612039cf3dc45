// SPDX-License-Identifier: Apache-2.0
public import JSON
import KubernetesAPI

/// Which script each container follows.
///
/// Layers, each over the one before it: the default, the script of the image, the pod's annotation
/// `albedo.dev/script` (for all containers, or with a member `containers` by container name), and what was
/// changed at run time.
public struct PodScripts: Sendable {
    /// The annotation of pods.
    public static let annotation = "albedo.dev/script"
    /// The annotation that names a real program of this machine, which answers in the pod's place.
    ///
    /// Its value is an address such as `127.0.0.1:9000`. It is short for the script's member `program`; without
    /// sockets the script answers.
    public static let programAnnotation = "albedo.dev/program"

    /// The members of every script, unless another layer says otherwise.
    public var general: JSONObject
    /// Scripts by image: the whole reference, or without its tag, or its last part.
    public var images: [String: JSONObject]
    /// Reads the text of the annotation; JSON by default.
    public var decoder: @Sendable (String) -> JSONValue?

    /// Makes scripts.
    public init(
        general: JSONObject = [:],
        images: [String: JSONObject] = [:],
        decoder: @escaping @Sendable (String) -> JSONValue? = { try? JSONValue(parsing: $0) }
    ) {
        self.general = general
        self.images = images
        self.decoder = decoder
    }

    /// The members of a container's script, before anything was changed at run time.
    ///
    /// - Throws: `PodScriptError` when the annotation cannot be read.
    func members(
        image: String,
        container: String,
        annotation: String?
    ) throws(PodScriptError) -> JSONObject {
        var members = general
        for name in Self.names(of: image).reversed() {
            for member in images[name] ?? [:] { members[member.key] = member.value }
        }
        guard let annotation else { return members }
        guard let own = decoder(annotation)?.objectValue else {
            throw PodScriptError(
                description: "annotation \(Self.annotation): not an object: \(annotation.prefix(80))"
            )
        }
        for member in own where member.key != "containers" { members[member.key] = member.value }
        for member in own["containers"]?[container]?.objectValue ?? [:] { members[member.key] = member.value }
        return members
    }

    /// How a script may name an image, the most exact first.
    static func names(of image: String) -> [String] {
        let last = image.split(separator: "/").last.map(String.init) ?? image
        func untagged(_ text: String) -> String {
            let name = text.split(separator: "@").first.map(String.init) ?? text
            guard let colon = name.lastIndex(of: ":"), !name[colon...].contains("/") else { return name }
            return String(name[..<colon])
        }
        return [image, last, untagged(image), untagged(last)]
    }
}

/// A change of scripts at run time, for the pods that a selector matches.
struct ScriptChange: Sendable {
    let namespace: String
    let selector: LabelSelector
    let members: JSONObject

    /// True when it concerns a pod.
    func concerns(_ pod: KubernetesObject) -> Bool {
        (namespace.isEmpty || namespace == pod.namespace) && selector.matches(pod.labels)
    }
}
