// SPDX-License-Identifier: Apache-2.0
import JSON

/// A member of a server group.
struct Server: Sendable, Hashable, Comparable {
    /// What a server is.
    enum Kind: String, Sendable, Hashable {
        case networkInterface = "eni"
        case instance = "ecs"
        case address = "ip"
    }

    var kind: Kind
    /// `eni-…`, `i-…` or the address.
    var id: String
    /// Empty for an instance.
    var ip: String
    var port: Int
    /// Its share of the requests beside the others of its group.
    var weight = 100

    /// What tells servers of a group apart.
    var identity: String { kind == .instance ? "\(id):\(port)" : "\(id):\(ip):\(port)" }

    /// As the API takes it; with its weight where that counts.
    func json(weighed isWeighed: Bool) -> JSONValue {
        var members: JSONObject = [
            "ServerId": .string(id), "ServerType": .string(kind.rawValue), "Port": .integer(Int64(port)),
        ]
        if !ip.isEmpty { members["ServerIp"] = .string(ip) }
        if isWeighed { members["Weight"] = .integer(Int64(weight)) }
        return .object(members)
    }

    static func < (left: Server, right: Server) -> Bool { left.identity < right.identity }
}

/// A member as the cloud lists it.
struct CloudServer: Sendable, Hashable {
    var server: Server
    var status: String

    /// True while it is on its way out.
    var isLeaving: Bool { status.lowercased() == "removing" }
    /// True when it takes requests.
    var isAvailable: Bool { status.lowercased() == "available" }

    /// Reads a row of ListServerGroupServers; nil for one that cannot be understood.
    init?(_ row: JSONValue) {
        guard let id = row["ServerId"]?.stringValue, let port = row["Port"]?.wholeNumber,
            let kind = Self.kind(row["ServerType"]?.stringValue ?? "")
        else { return nil }
        let ip = kind == .instance ? "" : row["ServerIp"]?.stringValue ?? ""
        server = Server(kind: kind, id: id, ip: ip, port: port)
        if let weight = row["Weight"]?.wholeNumber { server.weight = weight }
        status = row["Status"]?.stringValue ?? "Available"
    }

    init(_ server: Server, status: String = "Available") {
        self.server = server
        self.status = status
    }

    private static func kind(_ type: String) -> Server.Kind? {
        let word = type.lowercased()
        return word == "eci" ? .networkInterface : Server.Kind(rawValue: word)
    }
}
