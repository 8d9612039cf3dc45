// SPDX-License-Identifier: Apache-2.0
import JSON
import Ports

/// A call that has been read: its action, its parameters, who makes it and when.
struct Call: Sendable {
    let action: ActionDescription
    let parameters: JSONObject
    let now: Instant
    var token: String?
    var isDryRun = false
    /// How its work ends, when a fault says so.
    var outcome = Work.Outcome.success

    /// A parameter's text; empty when it was not sent.
    func text(_ name: String) -> String { parameters.text(name) }

    /// A parameter's text.
    func optionalText(_ name: String) -> String? { parameters.optionalText(name) }
}
