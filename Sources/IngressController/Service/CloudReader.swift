// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import Ports

/// The reading calls, page after page.
struct CloudReader: Sendable {
    let caller: CloudCaller

    /// The largest page of the ALB's lists.
    static let pageSize = 100
    /// More pages than any account fills: a list that never ends is an error.
    private static let pageLimit = 2000

    /// A list's first page, and how many rows there are in all.
    struct FirstPage {
        var rows: [JSONValue]
        var total: Int
        var next: String
    }

    // MARK: ALB

    func loadBalancers(tags: [Tag]) async throws(CloudError) -> [JSONValue] {
        try await all("ListLoadBalancers", "LoadBalancers", ["Tag": .array(tags.map(\.json))])
    }

    /// nil when there is none of that id.
    func loadBalancer(_ id: String) async throws(CloudError) -> CloudLoadBalancer? {
        guard
            let answer = try await ifPresent("GetLoadBalancerAttribute", ["LoadBalancerId": .string(id)]),
            let members = answer.objectValue
        else { return nil }
        return CloudLoadBalancer(id: id, attributes: members)
    }

    func listeners(loadBalancer: String) async throws(CloudError) -> [CloudListener] {
        let rows = try await all("ListListeners", "Listeners", ["LoadBalancerIds": [.string(loadBalancer)]])
        return rows.compactMap { CloudListener($0) }.sorted { $0.port < $1.port }
    }

    func listener(_ id: String) async throws(CloudError) -> JSONObject? {
        try await ifPresent("GetListenerAttribute", ["ListenerId": .string(id)])?.objectValue
    }

    func certificates(listener: String) async throws(CloudError) -> [CloudCertificate] {
        let rows = try await all(
            "ListListenerCertificates",
            "Certificates",
            ["ListenerId": .string(listener)]
        )
        return rows.compactMap { CloudCertificate($0) }
    }

    func rulesFirstPage(listener: String, _ direction: Rule.Direction) async throws(CloudError) -> FirstPage {
        try await firstPage("ListRules", "Rules", Self.ruleFilter(listener, direction))
    }

    func rules(listener: String, _ direction: Rule.Direction) async throws(CloudError) -> [CloudRule] {
        let rows = try await all("ListRules", "Rules", Self.ruleFilter(listener, direction))
        return Self.rules(rows, direction)
    }

    /// Rows as rules; those that say no direction are of the one that was asked for.
    static func rules(_ rows: [JSONValue], _ direction: Rule.Direction) -> [CloudRule] {
        rows.compactMap { row in
            var rule = CloudRule(row)
            rule?.direction = direction
            return rule
        }
    }

    private static func ruleFilter(_ listener: String, _ direction: Rule.Direction) -> JSONObject {
        ["ListenerIds": [.string(listener)], "Direction": .string(direction.rawValue)]
    }

    func serverGroupsFirstPage(tags: [Tag]) async throws(CloudError) -> FirstPage {
        try await firstPage("ListServerGroups", "ServerGroups", ["Tag": .array(tags.map(\.json))])
    }

    func serverGroups(tags: [Tag]) async throws(CloudError) -> [CloudServerGroup] {
        let rows = try await all("ListServerGroups", "ServerGroups", ["Tag": .array(tags.map(\.json))])
        return rows.compactMap { CloudServerGroup($0) }
    }

    /// The tags of a server group; nil when there is none of that id.
    func serverGroupTags(_ id: String) async throws(CloudError) -> [JSONValue]? {
        try await serverGroup(id).map { $0["Tags"]?.arrayValue ?? [] }
    }

    /// A server group's row; nil when there is none of that id.
    func serverGroup(_ id: String) async throws(CloudError) -> JSONValue? {
        let rows = try await all("ListServerGroups", "ServerGroups", ["ServerGroupIds": [.string(id)]])
        return rows.first { $0["ServerGroupId"]?.stringValue == id }
    }

    /// The rules of both directions.
    func allRules(listener: String) async throws(CloudError) -> [CloudRule] {
        let rows = try await all("ListRules", "Rules", ["ListenerIds": [.string(listener)]])
        return rows.compactMap { CloudRule($0) }.sorted { $0.priority < $1.priority }
    }

    func servers(group: String) async throws(CloudError) -> [CloudServer] {
        let rows = try await all("ListServerGroupServers", "Servers", ["ServerGroupId": .string(group)])
        return rows.compactMap { CloudServer($0) }
    }

    /// The entries of an access list.
    func entries(accessList: String) async throws(CloudError) -> [String] {
        try await all("ListAclEntries", "AclEntries", ["AclId": .string(accessList)])
            .compactMap { $0["Entry"]?.stringValue }
    }

    func accessLists(_ ids: [String]) async throws(CloudError) -> [JSONValue] {
        if ids.isEmpty { return [] }
        return try await all("ListAcls", "Acls", ["AclIds": .array(ids.map { .string($0) })])
    }

    /// A job's row; nil while it is not listed.
    func job(_ id: String) async throws(CloudError) -> JSONValue? {
        try await caller.read("ListAsynJobs", ["JobIds": [.string(id)]])["Jobs"]?[0]
    }

    /// The groups that a listener and its rules use, each with the servers that are not as they should be.
    func health(listener: String) async throws(CloudError) -> [JSONValue] {
        var filter: JSONObject = ["ListenerId": .string(listener), "IncludeRule": true, "MaxResults": 30]
        var groups: [JSONValue] = []
        for _ in 0..<Self.pageLimit {
            let answer = try await caller.read("GetListenerHealthStatus", filter)
            for status in (answer["ListenerHealthStatus"]?.arrayValue ?? [])
                + (answer["RuleHealthStatus"]?.arrayValue ?? [])
            {
                groups += status["ServerGroupInfos"]?.arrayValue ?? []
            }
            guard let next = answer["NextToken"]?.stringValue, !next.isEmpty else { return groups }
            filter["NextToken"] = .string(next)
        }
        throw .malformed("GetListenerHealthStatus has no end")
    }

    // MARK: Other products

    /// All certificates of the account; asked for without patience, since other things can go on without.
    func certificateList() async throws(CloudError) -> [CertificateRecord] {
        var records: [CertificateRecord] = []
        var page = 1
        while page <= Self.pageLimit {
            let answer = try await caller.read(
                "DescribeSSLCertificateList",
                of: .cas,
                ["ShowSize": 50, "CurrentPage": .integer(Int64(page))],
                isPatient: false
            )
            records += (answer["CertMetaList"]?.arrayValue ?? []).compactMap { CertificateRecord($0) }
            guard let pages = answer["PageCount"]?.wholeNumber, page < pages else { return records }
            page += 1
        }
        throw .malformed("DescribeSSLCertificateList has no end")
    }

    /// The vSwitches of a VPC: id and zone, in the order of the list.
    func vSwitches(vpc: String) async throws(CloudError) -> [(id: String, zone: String)] {
        var found: [(id: String, zone: String)] = []
        var page = 1
        while page <= Self.pageLimit {
            let answer = try await caller.read(
                "DescribeVSwitches",
                of: .vpc,
                ["VpcId": .string(vpc), "PageNumber": .integer(Int64(page)), "PageSize": 50]
            )
            let rows = answer["VSwitches", "VSwitch"]?.arrayValue ?? []
            found += rows.compactMap { row in
                guard let id = row["VSwitchId"]?.stringValue, let zone = row["ZoneId"]?.stringValue else {
                    return nil
                }
                return (id, zone)
            }
            if rows.isEmpty || found.count >= answer["TotalCount"]?.wholeNumber ?? 0 { return found }
            page += 1
        }
        throw .malformed("DescribeVSwitches has no end")
    }

    /// The zones that have load balancers.
    func zones() async throws(CloudError) -> [String] {
        let answer = try await caller.read("DescribeZones")
        return (answer["Zones"]?.arrayValue ?? []).compactMap { $0["ZoneId"]?.stringValue }
    }

    /// The network interfaces of some addresses: id by address.
    func interfaces(vpc: String, addresses: [String]) async throws(CloudError) -> [String: String] {
        var ids: [String: String] = [:]
        for batch in Batches.of(addresses, size: 100) {
            let answer = try await caller.read(
                "DescribeNetworkInterfaces",
                of: .ecs,
                [
                    "VpcId": .string(vpc), "Status": "InUse", "PageNumber": 1, "PageSize": 100,
                    "PrivateIpAddress": .array(batch.map { .string($0) }),
                ]
            )
            for row in answer["NetworkInterfaceSets", "NetworkInterfaceSet"]?.arrayValue ?? [] {
                guard let id = row["NetworkInterfaceId"]?.stringValue else { continue }
                let own = row["PrivateIpAddress"]?.stringValue
                let others = (row["PrivateIpSets", "PrivateIpSet"]?.arrayValue ?? [])
                    .compactMap { $0["PrivateIpAddress"]?.stringValue }
                for address in [own].compactMap(\.self) + others where batch.contains(address) {
                    ids[address] = id
                }
            }
        }
        return ids
    }

    /// The instance that has a private address; nil when there is none.
    func instance(vpc: String, address: String) async throws(CloudError) -> String? {
        let answer = try await caller.read(
            "DescribeInstances",
            of: .ecs,
            [
                "VpcId": .string(vpc), "InstanceNetworkType": "vpc",
                "PrivateIpAddresses": .string(JSONValue.array([.string(address)]).text), "MaxResults": 50,
            ]
        )
        return answer["Instances", "Instance"]?[0]?["InstanceId"]?.stringValue
    }

    // MARK: Pages

    func all(_ action: String, _ member: String, _ filter: JSONObject) async throws(CloudError) -> [JSONValue]
    {
        let first = try await firstPage(action, member, filter)
        return try await rest(first, action, member, filter)
    }

    private func firstPage(
        _ action: String,
        _ member: String,
        _ filter: JSONObject
    ) async throws(CloudError) -> FirstPage {
        var filter = filter
        filter["MaxResults"] = .integer(Int64(Self.pageSize))
        let answer = try await caller.read(action, filter)
        let rows = answer[member]?.arrayValue ?? []
        return FirstPage(
            rows: rows,
            total: answer["TotalCount"]?.wholeNumber ?? rows.count,
            next: answer["NextToken"]?.stringValue ?? ""
        )
    }

    private func rest(
        _ first: FirstPage,
        _ action: String,
        _ member: String,
        _ filter: JSONObject
    ) async throws(CloudError) -> [JSONValue] {
        var rows = first.rows
        var next = first.next
        var filter = filter
        filter["MaxResults"] = .integer(Int64(Self.pageSize))
        for _ in 0..<Self.pageLimit {
            if next.isEmpty { return rows }
            filter["NextToken"] = .string(next)
            let answer = try await caller.read(action, filter)
            rows += answer[member]?.arrayValue ?? []
            next = answer["NextToken"]?.stringValue ?? ""
        }
        throw .malformed("\(action) has no end")
    }

    /// A call about one thing; nil when that does not exist.
    private func ifPresent(_ action: String, _ parameters: JSONObject) async throws(CloudError) -> JSONValue?
    {
        do throws(CloudError) {
            return try await caller.read(action, parameters)
        } catch {
            if FailureClass.of(error) == .absent { return nil }
            throw error
        }
    }
}
