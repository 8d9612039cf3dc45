// SPDX-License-Identifier: Apache-2.0
import JSON

/// Gives Services their addresses and node ports, each once.
struct ServiceAllocator {
    private let range: AddressRange
    private let ports = 30_000...32_767
    private var usedAddresses: Set<UInt32> = []
    private var usedPorts: Set<Int> = []
    private var nextAddress: UInt32
    private var nextPort = 30_000

    /// The first address of the range belongs to the `kubernetes` Service.
    var firstAddress: String { IPAddress(number: range.first + 1).description }

    init(range: AddressRange) {
        self.range = range
        // The real server draws at random; in order is as good, and easier to read in a trace.
        nextAddress = range.first + 10
    }

    /// Notes what a stored Service has.
    mutating func take(_ service: ResourceObject) {
        for number in Self.addresses(service) { usedAddresses.insert(number) }
        for number in Self.nodePorts(service) { usedPorts.insert(number) }
    }

    /// Takes back what a Service had.
    mutating func release(_ service: ResourceObject) {
        for number in Self.addresses(service) { usedAddresses.remove(number) }
        for number in Self.nodePorts(service) { usedPorts.remove(number) }
    }

    private static func nodePorts(_ service: ResourceObject) -> [Int] {
        ServiceRules.ports(service).compactMap { $0["nodePort"]?.intValue }
            + [service["spec", "healthCheckNodePort"]?.intValue].compactMap { $0 }
    }

    private static func addresses(_ service: ResourceObject) -> [UInt32] {
        (service["spec", "clusterIPs"]?.arrayValue ?? []).compactMap {
            IPAddress($0.stringValue ?? "")?.number
        }
    }

    /// Puts an address and node ports into a Service that needs them, and checks those that a client chose.
    ///
    /// Nothing is taken yet: `take` does that when the Service is stored. `old` is the Service's present state.
    mutating func complete(_ service: inout ResourceObject, old: ResourceObject?, _ errors: inout FieldErrors)
    {
        var free = self
        if let old { free.release(old) }
        Self.checkFamilies(service, &errors)
        free.completeAddress(&service, &errors)
        if ServiceRules.usesNodePorts(service) { free.completePorts(&service, &errors) }
        if ServiceRules.needsHealthCheck(service), service["spec", "healthCheckNodePort"] == nil,
            let number = free.freePort(), var spec = service.content["spec"]?.objectValue
        {
            DefaultRules.insert("healthCheckNodePort", .integer(Int64(number)), into: &spec)
            service.content["spec"] = .object(spec)
        }
        nextAddress = free.nextAddress
        nextPort = free.nextPort
    }

    /// Refuses what needs addresses of version 6: this cluster has none.
    ///
    /// - Source: the allocator of kube-apiserver 1.36 (seen upstream).
    private static func checkFamilies(_ service: ResourceObject, _ errors: inout FieldErrors) {
        if ServiceRules.type(service) == "ExternalName" { return }
        if ServiceRules.isHeadless(service), service["spec", "selector"] == nil { return }
        let path = FieldPath("spec")
        for (index, family) in (service["spec", "ipFamilies"]?.arrayValue ?? []).enumerated()
        where family == "IPv6" {
            errors.invalid(path["ipFamilies"][index], family, "not configured on this cluster")
        }
        if service["spec", "ipFamilyPolicy"] == "RequireDualStack" {
            errors.invalid(
                path["ipFamilyPolicy"],
                "RequireDualStack",
                "this cluster is not configured for dual-stack services"
            )
        }
    }

    private mutating func completeAddress(_ service: inout ResourceObject, _ errors: inout FieldErrors) {
        if ServiceRules.type(service) == "ExternalName" || ServiceRules.isHeadless(service) { return }
        let path = FieldPath("spec")["clusterIPs"]
        guard let given = service["spec", "clusterIPs"]?[0]?.stringValue else {
            guard let address = freeAddress() else {
                return errors.invalid(path, .null, "failed to allocate a serviceIP: range is full")
            }
            service.set(["spec", "clusterIP"], .string(address))
            service.set(["spec", "clusterIPs"], [.string(address)])
            return
        }
        guard let number = IPAddress(given)?.number else { return }
        let shown: JSONValue = [.string(given)]
        if !range.contains(number) {
            errors.invalid(
                path,
                shown,
                "failed to allocate IP \(given): the provided network does not match the current range"
            )
        } else if usedAddresses.contains(number) {
            errors.invalid(path, shown, "failed to allocate IP \(given): provided IP is already allocated")
        }
    }

    private mutating func freeAddress() -> String? {
        for _ in 0..<(range.last - range.first) {
            let number = nextAddress
            nextAddress = nextAddress >= range.last - 1 ? range.first + 2 : nextAddress + 1
            if range.contains(number), usedAddresses.insert(number).inserted {
                return IPAddress(number: number).description
            }
        }
        return nil
    }

    private mutating func completePorts(_ service: inout ResourceObject, _ errors: inout FieldErrors) {
        var given = ServiceRules.ports(service)
        for (index, port) in given.enumerated() {
            let path = FieldPath("spec")["ports"][index]["nodePort"]
            if let number = port["nodePort"]?.intValue {
                if !ports.contains(number) {
                    errors.invalid(
                        path,
                        .integer(Int64(number)),
                        "provided port is not in the valid range. The range of valid ports is 30000-32767"
                    )
                } else if usedPorts.contains(number) {
                    errors.invalid(path, .integer(Int64(number)), "provided port is already allocated")
                }
                continue
            }
            guard let number = freePort(), var object = port.objectValue else {
                errors.invalid(path, 0, "failed to allocate a nodePort: range is full")
                return
            }
            DefaultRules.insert("nodePort", .integer(Int64(number)), into: &object)
            given[index] = .object(object)
        }
        service.set(["spec", "ports"], .array(given))
    }

    private mutating func freePort() -> Int? {
        for _ in ports {
            let number = nextPort
            nextPort = nextPort >= ports.upperBound ? ports.lowerBound : nextPort + 1
            if usedPorts.insert(number).inserted { return number }
        }
        return nil
    }
}
