// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes

/// The header fields that a listener adds to what servers see, worked out once.
///
/// - Source: documented.
final class ForwardedFields: Sendable {
    /// What becomes of X-Forwarded-For.
    enum Mode: Sendable {
        case append, remove, keep
    }

    let mode: Mode
    /// Fields that are the same for each request of the listener.
    private let constants: [HTTPField]
    private let setsClientPort: Bool
    private let setsHost: Bool
    /// The facts of the client's certificate that are wanted, each with its field.
    private let certificateFields: [(fact: ClientCertificateFact, name: HTTPField.Name)]
    /// nil when the connection's own address counts.
    let trustedSources: [AddressBlock]?
    let hop: HTTPField

    init(_ listener: ListenerConfiguration, loadBalancer: String) {
        let configuration = listener.forwardedHeaders
        switch configuration.forwardedFor?.lowercased() {
        case "append": mode = .append
        case "remove": mode = .remove
        default: mode = .keep
        }
        func isOn(_ flag: String) -> Bool { configuration.flags.contains(flag) }
        var constants: [HTTPField] = []
        if isOn("Proto") {
            constants.append(HTTPField(name: .forwardedProto, value: listener.listenerProtocol.scheme))
        }
        if isOn("SLBId") { constants.append(HTTPField(name: .loadBalancerID, value: loadBalancer)) }
        if isOn("SLBPort") { constants.append(HTTPField(name: .forwardedPort, value: String(listener.port))) }
        self.constants = constants
        setsClientPort = isOn("ClientSrcPort")
        setsHost = isOn("Host")
        certificateFields = ClientCertificateFact.allCases.filter { isOn($0.rawValue) }.map { fact in
            let alias = configuration.aliases[fact.rawValue].flatMap { HTTPField.Name($0) }
            return (fact, alias ?? fact.fieldName)
        }
        trustedSources =
            isOn("ClientSourceIps") ? configuration.trustedSources.compactMap(AddressBlock.init) : nil
        hop = HTTPField(name: .albTrace, value: HopChain.mark(of: loadBalancer))
    }

    /// Where a request really comes from: the first address from the right of X-Forwarded-For that is no
    /// trusted proxy's, when the listener looks there.
    func source(connection: IPAddress?, fields: HTTPFields) -> IPAddress? {
        guard let trustedSources, let chain = fields[.forwardedFor] else { return connection }
        let addresses = chain.split(separator: ",").map { String($0.trimmed) }
        for text in addresses.reversed() {
            guard let address = IPAddress(text) else { return connection }
            if !trustedSources.contains(where: { $0.contains(address) }) { return address }
        }
        return addresses.first.flatMap(IPAddress.init) ?? connection
    }

    /// Makes the fields that a server gets out of those that the client sent.
    func apply(to fields: inout HTTPFields, scan: FieldScan, client: ClientFacts, authority: String) {
        let hasOwn = scan.forwardedFor >= 0
        switch mode {
        case .append where hasOwn:
            fields[.forwardedFor] = (fields[.forwardedFor] ?? "") + ", " + client.address
        case .append:
            fields.append(HTTPField(name: .forwardedFor, value: client.address))
        case .remove where hasOwn:
            fields[.forwardedFor] = nil
        case .remove, .keep:
            break
        }
        if scan.trace >= 0 {
            fields[.albTrace] = (fields[.albTrace] ?? "") + hop.value
        } else {
            fields.append(hop)
        }
        for field in constants { fields.put(field) }
        if setsClientPort { fields.put(HTTPField(name: .forwardedClientPort, value: String(client.port))) }
        if setsHost { fields.put(HTTPField(name: .forwardedHost, value: authority)) }
        for (fact, name) in certificateFields {
            fields[name] = client.certificate.map { $0.text(of: fact) }
        }
        if scan.hasHopByHop { dropHopByHop(&fields, scan) }
    }

    private func dropHopByHop(_ fields: inout HTTPFields, _ scan: FieldScan) {
        let upgrade = scan.wantsUpgrade ? fields[.upgrade] : nil
        // The first fields kept their places: everything above was added behind them or changed in place.
        for name in [
            HTTPField.Name.te, .upgrade, .connection, .keepAlive, .proxyConnection, .transferEncoding,
        ] {
            if fields.contains(name) { fields[name] = nil }
        }
        guard let upgrade else { return }
        fields[.connection] = "upgrade"
        fields[.upgrade] = upgrade
    }
}

/// What listeners tell of a client, worked out once for a connection.
struct ClientFacts: Sendable {
    let address: String
    let port: Int
    let source: IPAddress?
    /// nil when the client showed no certificate.
    let certificate: ClientCertificate?

    init(address: String, port: Int, certificate: ClientCertificate? = nil) {
        self.address = address
        self.port = port
        self.certificate = certificate
        source = IPAddress(address)
    }
}

extension ListenerConfiguration.ListenerProtocol {
    /// As URLs and X-Forwarded-Proto spell it.
    var scheme: String { self == .http ? "http" : "https" }
}
