// SPDX-License-Identifier: Apache-2.0
import JSON
import Ports

/// A call that has been read: its action, its parameters, who makes it and when.
struct Call: Sendable {
    let action: ActionDescription
    var parameters: JSONObject
    let now: Instant
    var token: String?
    var isDryRun = false
    /// How its work ends, when a fault says so.
    var outcome = Work.Outcome.success

    /// The lists of which a batch is made.
    private static let batches = [
        "Rules", "RuleIds", "Servers", "AddedServers", "RemovedServers", "AclEntries", "Entries", "AclIds",
        "Certificates", "ResourceId", "AScripts", "AScriptIds", "HealthCheckTemplateIds",
    ]

    /// Keeps only the first items of a batch, as if the rest had not been sent.
    mutating func shorten(to count: Int) {
        for name in Self.batches {
            if let items = parameters[name]?.arrayValue {
                parameters[name] = .array(Array(items.prefix(count)))
            }
        }
    }

    /// A parameter's text; empty when it was not sent.
    func text(_ name: String) -> String { parameters.text(name) }

    /// A parameter's text.
    func optionalText(_ name: String) -> String? { parameters.optionalText(name) }
}
