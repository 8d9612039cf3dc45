// SPDX-License-Identifier: Apache-2.0

/// The form of an answer that a client accepts.
enum AnswerForm: Equatable {
    /// JSON, the object itself.
    case object
    /// JSON, the object's metadata alone.
    case metadata
    /// Aggregated discovery.
    case aggregatedDiscovery

    /// Chooses the first form of an Accept header that can be given.
    ///
    /// - Throws: `NotAcceptable` when there is none.
    init(accept: String?) throws(NotAcceptable) {
        guard let accept, !accept.isEmpty else {
            self = .object
            return
        }
        var hasForm = false
        for entry in accept.split(separator: ",") {
            let parts = entry.split(separator: ";").map { $0.filter { $0 != " " } }
            guard let media = parts.first, ["application/json", "*/*"].contains(media) else { continue }
            switch parts.first(where: { $0.hasPrefix("as=") })?.dropFirst(3) {
            case nil:
                self = .object
                return
            case "PartialObjectMetadata"?, "PartialObjectMetadataList"?:
                self = .metadata
                return
            case "APIGroupDiscoveryList"? where parts.contains("v=v2"):
                self = .aggregatedDiscovery
                return
            default: hasForm = true
            }
        }
        throw NotAcceptable(isForm: hasForm)
    }

    /// Nothing that a client accepts can be given.
    struct NotAcceptable: Error {
        /// True when the media type would do, but not the form of the object.
        let isForm: Bool
    }
}
