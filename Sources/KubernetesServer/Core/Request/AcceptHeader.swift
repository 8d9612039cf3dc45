// SPDX-License-Identifier: Apache-2.0

/// What a client gets of an object.
enum AnswerForm: Equatable {
    /// The object itself.
    case object
    /// The object's metadata alone.
    case metadata
    /// Rows and columns for people.
    case table
    /// Aggregated discovery.
    case aggregatedDiscovery
}

/// How an answer is written.
enum AnswerEncoding: String {
    case json = "application/json"
    case yaml = "application/yaml"
    case protobuf = "application/vnd.kubernetes.protobuf"
}

/// What an Accept header asks for and can be given.
struct Acceptance: Equatable {
    var form = AnswerForm.object
    var encoding = AnswerEncoding.json
    /// The version of `meta.k8s.io` that tables and metadata are written in.
    var metaVersion = "v1"
    /// True when the header itself asks for lines.
    var isPretty = false

    /// Nothing that a client accepts can be given.
    struct NotAcceptable: Error {
        /// True when the media type would do, but not the form of the object.
        let isForm: Bool
    }

    /// Chooses the first clause of an Accept header that can be given, those that are liked best first.
    ///
    /// The encodings are what there is, the preferred one first.
    ///
    /// - Source: k8s.io/apiserver, endpoints/handlers/negotiation; seen upstream.
    /// - Throws: `NotAcceptable` when there is none.
    init(accept: String?, encodings: [AnswerEncoding]) throws(NotAcceptable) {
        guard let accept, !accept.isEmpty else { return }
        if accept == "application/json", encodings.contains(.json) { return }  // what most programs send
        var hasForm = false
        for clause in Self.clauses(accept) {
            guard
                let encoding = clause.media == "*/*"
                    ? encodings.first : AnswerEncoding(rawValue: clause.media),
                encodings.contains(encoding)
            else { continue }
            var found = Acceptance()
            found.encoding = encoding
            found.isPretty = clause.parameters["pretty"] == "1" || clause.parameters["pretty"] == "true"
            guard let form = clause.parameters["as"] else {
                self = found
                return
            }
            let version = clause.parameters["v"] ?? ""
            let isMeta = clause.parameters["g"] == "meta.k8s.io" && ["v1", "v1beta1"].contains(version)
            switch form {
            case "Table" where isMeta && encoding != .protobuf: found.form = .table
            case "PartialObjectMetadata" where isMeta, "PartialObjectMetadataList" where isMeta:
                found.form = .metadata
            case "APIGroupDiscoveryList" where version == "v2" && encoding == .json:
                found.form = .aggregatedDiscovery
            default:
                hasForm = true
                continue
            }
            if isMeta { found.metaVersion = version }
            self = found
            return
        }
        throw NotAcceptable(isForm: hasForm)
    }

    private init() {}

    /// Plain JSON.
    static let plain = Acceptance()

    private static func clauses(_ header: String) -> [(media: String, parameters: [String: String])] {
        var clauses: [(weight: Double, media: String, parameters: [String: String])] = []
        for entry in header.split(separator: ",") {
            let parts = entry.split(separator: ";").map { String($0.filter { $0 != " " }) }
            guard let media = parts.first else { continue }
            var parameters: [String: String] = [:]
            for part in parts.dropFirst() {
                let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
                if pair.count == 2 { parameters[pair[0]] = pair[1] }
            }
            clauses.append((parameters["q"].flatMap { Double($0) } ?? 1, media, parameters))
        }
        // Not all sorts keep equals in their order, so the place decides.
        return clauses.enumerated().sorted { left, right in
            left.element.weight != right.element.weight
                ? left.element.weight > right.element.weight : left.offset < right.offset
        }.map { ($0.element.media, $0.element.parameters) }
    }
}
