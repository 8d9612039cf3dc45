// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI
import Ports

/// A request for objects, taken apart.
struct Call {
    let path: ResourcePath
    let target: RequestTarget
    let verb: Verb
    let resource: ServedResource
    let subresource: ServedResource.Subresource?
    let form: AnswerForm
    /// The body, when there is one.
    let body: RequestBody
    /// Who calls.
    let client: String
    let caller: Caller
    /// How the caller names itself, in full.
    let userAgent: String
    /// True when the caller wants to speak another protocol from here on.
    var isUpgrade = false

    var namespace: String { resource.type.isNamespaced ? path.namespace ?? "" : "" }
    var name: String { path.name ?? "" }
    var isDryRun: Bool { target.all("dryRun").contains("All") }
}

/// A request's body.
enum RequestBody {
    case none
    /// JSON of a media type.
    case json(JSONValue, mediaType: String, duplicates: [String] = [])
    /// Bytes that could not be read, and why.
    case broken(BodyMistake, mediaType: String)
    /// A media type that is not read here.
    case unread(mediaType: String)

    var mediaType: String {
        switch self {
        case .none: ""
        case .json(_, let type, _), .broken(_, let type), .unread(let type): type
        }
    }

    /// The paths of members that came more than once.
    var duplicates: [String] {
        if case .json(_, _, let duplicates) = self { duplicates } else { [] }
    }
}

/// Why a body could not be read.
struct BodyMistake: Error, CustomStringConvertible {
    let description: String
    /// True when it should have been JSON.
    let isJSON: Bool
    /// How the body begins, as the real server shows it.
    let beginning: String

    init(_ description: String, isJSON: Bool, _ bytes: [UInt8]) {
        self.description = description
        self.isJSON = isJSON
        let shown = bytes.prefix(30)
        let dots = bytes.count > 30 ? " ..." : ""
        if bytes.first == UInt8(ascii: "{") {
            beginning = String(decoding: shown, as: UTF8.self) + dots
        } else {
            let digits = Array("0123456789abcdef")
            beginning = String(shown.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }) + dots
        }
    }

    /// The message of a refusal that names the kind that was expected.
    func refusal(_ kind: String) -> String {
        let cause = isJSON ? "couldn't get version/kind; json parse error: \(description)" : description
        return "the object provided is unrecognized (must be of type \(kind)): \(cause) (\(beginning))"
    }
}

/// The events of a watch.
enum WatchBody {
    /// Taken by a task.
    case stream(AsyncStream<[UInt8]>)
    /// Pushed to the connection.
    case feed(PieceFeed)
}

/// What the registry answers.
struct Answer {
    /// The body.
    enum Body {
        case bytes([UInt8])
        case json(JSONValue)
        case list(ListBody)
        case watch(WatchBody, number: UInt64)
        /// What a pod's node answers.
        case node(NodeRequest?)
    }

    var status = 200
    var body: Body
    var warnings: [String] = []
}
