// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Ports

/// What a client looks at in the head of an answer.
final class AnswerReading: Sendable {
    let status: Int
    /// True for an answer before the answer, such as 103; switching protocols is a real one.
    let isInterim: Bool
    /// True when the server says that the connection ends with it.
    let closes: Bool
    /// The pod that answered, as it says; empty when it does not.
    let servedBy: String
    let location: String?
    /// What it says of other ways to the origin; nil when it says nothing.
    let alternatives: String?
    /// What is kept of its header fields, as lines.
    let headers: String

    /// Reads a head; `kept` are the names of the fields that are kept, in small letters.
    init(_ head: HTTPResponse, keeping kept: [String]) {
        var (servedBy, location, alternatives) = ("", String?.none, String?.none)
        var (closes, headers) = (false, "")
        for field in head.headerFields {
            switch field.name.canonicalName {
            case "x-served-by": servedBy = field.value
            case "connection": closes = closes || field.value.lowercased() == "close"
            case "location": location = field.value
            case "alt-svc": alternatives = field.value
            default: break
            }
            if !kept.isEmpty, kept.contains(field.name.canonicalName) {
                headers += "\(headers.isEmpty ? "" : "\n")\(field.name.canonicalName): \(field.value)"
            }
        }
        status = head.status.code
        isInterim = (100...199).contains(status) && status != 101
        self.closes = closes
        self.servedBy = servedBy
        self.location = location
        self.alternatives = alternatives
        self.headers = headers
    }
}
