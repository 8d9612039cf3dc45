// SPDX-License-Identifier: Apache-2.0
import JSON

/// A listener as it should be.
struct Listener: Sendable, Hashable {
    /// Port and protocol.
    var port: ListenerPort
    /// Members of CreateListener, but for port, protocol, default action and certificates.
    var attributes: JSONObject
    /// Where requests go that no rule takes.
    var defaultGroup: ServerGroupKey
    /// What it shows, the preferred default first; nil leaves what it has.
    var certificates: [WantedCertificate]? = nil
    /// True when the first certificate must be the default; else the present default stays while it is wanted.
    var isDefaultExplicit = false
    /// How many certificates carry the mark of a default, where that is taken literally; 1 elsewhere.
    var defaultMarks = 1
    /// Who may connect; nil for everybody.
    var accessList: AccessList? = nil
    /// What the access log says beyond its defaults; nil leaves it.
    var logging: JSONObject? = nil
    /// The rules, the first one tried first.
    var rules: [Rule] = []
    /// True when the AlbConfig lists it no more and Ingresses still use it: its settings stay as they are.
    var isRetained = false
}

/// The access lists of a listener.
struct AccessList: Sendable, Hashable {
    /// Who the lists are about.
    enum Source: Sendable, Hashable {
        /// One list of our own with these entries.
        case entries(name: String, [String])
        /// Lists made by others.
        case ids([String])
    }

    /// `White` or `Black`.
    var type: String
    /// Which lists.
    var source: Source
}
