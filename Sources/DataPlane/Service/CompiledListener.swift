// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes
import Ports
import Synchronization

/// A listener's configuration with all that is worked out from it; the same for all zones.
///
/// Rules and certificates are read when they are first needed: of many versions in a row only those that see
/// traffic cost anything.
final class CompiledListener: Sendable {
    private struct Lazy {
        var table: RuleTable?
        var handshake: HandshakeChoice?
        /// The last table that was compiled before this one: its rules are taken over where they are the same.
        var ancestor: RuleTable?
    }

    let configuration: ListenerConfiguration
    let forwarded: ForwardedFields
    let access: AccessList?
    let idleNanoseconds: Int64
    let requestNanoseconds: Int64
    /// What tells clients of the QUIC listener; nil without one.
    let alternativeService: HTTPField?
    private let settings: DataPlaneSettings
    private let lazy: Mutex<Lazy>

    init(
        _ configuration: ListenerConfiguration,
        loadBalancer: String,
        previous: CompiledListener?,
        settings: DataPlaneSettings
    ) {
        self.configuration = configuration
        self.settings = settings
        idleNanoseconds = configuration.idleTimeout.nanoseconds
        requestNanoseconds = configuration.requestTimeout.nanoseconds
        forwarded = ForwardedFields(configuration, loadBalancer: loadBalancer)
        access = configuration.accessControl.map { AccessList($0, settings: settings) }
        alternativeService = configuration.quicUpgradePort.map { port in
            HTTPField(name: .alternativeService, value: "h3=\":\(port)\"; ma=2592000")
        }
        var lazy = Lazy()
        if let previous {
            let sameHandshake = HandshakeChoice.isSame(previous.configuration, configuration)
            let sameRules =
                previous.configuration.rules == configuration.rules
                && previous.configuration.responseRules == configuration.responseRules
                && previous.configuration.defaultAction == configuration.defaultAction
            previous.lazy.withLock { old in
                if sameHandshake { lazy.handshake = old.handshake }
                if sameRules { lazy.table = old.table }
                lazy.ancestor = old.table ?? old.ancestor
            }
        }
        self.lazy = Mutex(lazy)
    }

    /// The rules, compiled at the first call.
    ///
    /// `isNew` is true then, so that mistakes are told once.
    func table() -> (table: RuleTable, isNew: Bool) {
        lazy.withLock { lazy in
            if let table = lazy.table { return (table, false) }
            let table = RuleTable(configuration, ancestor: lazy.ancestor, settings: settings)
            lazy.table = table
            lazy.ancestor = nil
            return (table, true)
        }
    }

    /// The choice of certificates, made at the first call.
    func handshake() -> HandshakeChoice {
        lazy.withLock { lazy in
            if let handshake = lazy.handshake { return handshake }
            let handshake = HandshakeChoice(configuration)
            lazy.handshake = handshake
            return handshake
        }
    }
}
