// SPDX-License-Identifier: Apache-2.0
import JSON

/// Endpoints and EndpointSlices.
///
/// - Source: the discovery and core validation of Kubernetes 1.36 (seen upstream, and in a real server's
///   answers).
enum EndpointRules {
    static let endpoints = KindRules(check: checkEndpoints)

    static let endpointSlice = KindRules(
        generation: .contentAndLabels,
        prepareForCreate: { $0.metadata.generation = 1 },
        check: checkSlice,
        checkCreate: checkFamilies,
        checkUpdate: { new, old, errors in
            if new.content["addressType"] != old.content["addressType"] {
                errors.invalid(
                    FieldPath("addressType"),
                    new.content["addressType"] ?? "",
                    "field is immutable"
                )
            }
        },
        warnings: { object in
            object.content["addressType"] == "FQDN" ? ["spec.addressType: FQDN endpoints are deprecated"] : []
        }
    )

    private static func checkEndpoints(_ object: ResourceObject, _ errors: inout FieldErrors) {
        for (index, subset) in (object.content["subsets"]?.arrayValue ?? []).enumerated() {
            let path = FieldPath("subsets")[index]
            let addresses = subset["addresses"]?.arrayValue ?? []
            let unready = subset["notReadyAddresses"]?.arrayValue ?? []
            if addresses.isEmpty, unready.isEmpty {
                errors.required(path, "must specify `addresses` or `notReadyAddresses`")
            }
            for (place, address) in addresses.enumerated() {
                checkAddress(address, path["addresses"][place], &errors)
            }
            for (place, address) in unready.enumerated() {
                checkAddress(address, path["notReadyAddresses"][place], &errors)
            }
            let ports = subset["ports"]?.arrayValue ?? []
            for (place, port) in ports.enumerated() {
                checkPort(port, needsName: ports.count > 1, path["ports"][place], &errors)
            }
        }
    }

    private static func checkAddress(_ address: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        let ip = address["ip"]?.stringValue ?? ""
        let parsed = errors.checkIP(ip, path["ip"])
        errors.checkGiven(address["hostname"], NameRules.dnsLabel, path["hostname"])
        if let node = address["nodeName"]?.stringValue {
            errors.check(node, NameRules.dnsSubdomain, path["nodeName"])
        }
        if let parsed {
            errors.checkEndpointIP(parsed, ip, path["ip"])
        } else {
            errors.invalid(path["ip"], .string(ip), "must be a valid IP address")
        }
    }

    private static func checkPort(
        _ port: JSONValue,
        needsName: Bool,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        let name = port["name"]?.stringValue ?? ""
        if needsName, name.isEmpty {
            errors.required(path["name"])
        } else if !name.isEmpty {
            for message in NameRules.dnsLabel(name) { errors.invalid(path["name"], .string(name), message) }
        }
        errors.checkPort(port["port"] ?? 0, path["port"])
        checkProtocol(port, path, &errors)
    }

    private static func checkProtocol(_ port: JSONValue, _ path: FieldPath, _ errors: inout FieldErrors) {
        let name = port["protocol"]?.stringValue ?? ""
        if name.isEmpty {
            errors.required(path["protocol"])
        } else if !["SCTP", "TCP", "UDP"].contains(name) {
            errors.unsupported(path["protocol"], .string(name), ["SCTP", "TCP", "UDP"])
        }
        if let text = port["appProtocol"]?.stringValue {
            errors.check(text, NameRules.qualifiedName, path["appProtocol"])
        }
    }

    private static func checkSlice(_ object: ResourceObject, _ errors: inout FieldErrors) {
        let type = object.content["addressType"]?.stringValue ?? ""
        if type.isEmpty {
            errors.required(FieldPath("addressType"))
        } else if !["FQDN", "IPv4", "IPv6"].contains(type) {
            errors.unsupported(FieldPath("addressType"), .string(type), ["FQDN", "IPv4", "IPv6"])
        }
        let endpoints = object.content["endpoints"]?.arrayValue ?? []
        let isTooLong = endpoints.count > 1000
        if isTooLong { errors.tooMany(FieldPath("endpoints"), endpoints.count, limit: 1000) }
        for (index, endpoint) in endpoints.enumerated() where !isTooLong {
            checkEndpoint(endpoint, type, FieldPath("endpoints")[index], &errors)
        }
        checkSlicePorts(object.content["ports"]?.arrayValue ?? [], &errors)
    }

    private static func checkEndpoint(
        _ endpoint: JSONValue,
        _ type: String,
        _ path: FieldPath,
        _ errors: inout FieldErrors
    ) {
        let addresses = endpoint["addresses"]?.arrayValue ?? []
        if addresses.isEmpty { errors.required(path["addresses"], "must contain at least 1 address") }
        if addresses.count > 100 { errors.tooMany(path["addresses"], addresses.count, limit: 100) }
        for (index, address) in addresses.enumerated() {
            let text = address.stringValue ?? ""
            let place = path["addresses"][index]
            if type == "FQDN" {
                for message in NameRules.dnsSubdomain(text) { errors.invalid(place, address, message) }
            } else if type == "IPv4" || type == "IPv6", let ip = errors.checkIP(text, place) {
                errors.checkEndpointIP(ip, text, place)
            }
        }
        if let node = endpoint["nodeName"]?.stringValue {
            errors.check(node, NameRules.dnsSubdomain, path["nodeName"])
        }
        let topology = endpoint["deprecatedTopology"]?.objectValue ?? [:]
        if topology.count > 16 { errors.tooMany(path["deprecatedTopology"], topology.count, limit: 16) }
        MetadataValidation.checkLabels(topology, path["deprecatedTopology"], &errors)
        if let host = endpoint["hostname"]?.stringValue {
            errors.check(host, NameRules.dnsLabel, path["hostname"])
        }
    }

    private static func checkFamilies(_ object: ResourceObject, _ errors: inout FieldErrors) {
        guard let type = object.content["addressType"]?.stringValue, ["IPv4", "IPv6"].contains(type) else {
            return
        }
        for (index, endpoint) in (object.content["endpoints"]?.arrayValue ?? []).enumerated() {
            for (place, address) in (endpoint["addresses"]?.arrayValue ?? []).enumerated() {
                guard let ip = IPAddress(address.stringValue ?? ""), ip.isVersion4 != (type == "IPv4") else {
                    continue
                }
                errors.invalid(
                    FieldPath("endpoints")[index]["addresses"][place],
                    address,
                    "must be an \(type) address"
                )
            }
        }
    }

    private static func checkSlicePorts(_ ports: [JSONValue], _ errors: inout FieldErrors) {
        if ports.count > 20_000 {
            return errors.tooMany(FieldPath("ports"), ports.count, limit: 20_000)
        }
        var names: [String] = []
        for (index, port) in ports.enumerated() {
            let path = FieldPath("ports")[index]
            let name = port["name"]?.stringValue ?? ""
            if !name.isEmpty {
                for message in NameRules.dnsLabel(name) {
                    errors.invalid(path["name"], .string(name), message)
                }
            }
            if names.contains(name) { errors.duplicate(path["name"], .string(name)) }
            names.append(name)
            checkProtocol(port, path, &errors)
        }
    }
}
