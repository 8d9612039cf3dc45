// SPDX-License-Identifier: Apache-2.0
import JSON
import KubernetesAPI

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
    case broken(JSONError, mediaType: String)
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

/// What the registry answers.
struct Answer {
    /// The body.
    enum Body {
        case bytes([UInt8])
        case json(JSONValue)
        case stream(AsyncStream<[UInt8]>, watch: UInt64)
    }

    var status = 200
    var body: Body
    var warnings: [String] = []
}
