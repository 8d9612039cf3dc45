// SPDX-License-Identifier: Apache-2.0
import KubernetesAPI

/// `traffic`.
enum TrafficRecord {
    private static let request = Field(
        "request",
        Reader<[RequestLine]>.oneOrMany(of: .request),
        "What is asked for; of several in turn."
    ).required
    private static let rate = Field("rate", .rate, "How many requests are sent, whatever becomes of them.")
    private static let every = Field(
        "every",
        .positiveDuration,
        "The time from one request to the next, in place of a rate."
    )
    private static let clients = Field("clients", .integer(1...100_000), "How many clients take turns.")
    static let `protocol` = Field(
        "protocol",
        .cases() as Reader<TrafficSpec.ClientProtocol>,
        "The protocol: `h1`, `h2`, `h3`, or `auto` for what the two sides agree on."
    )
    static let headers = Field("headers", .headers, "Header fields of every request.")
    static let body = Field("body", .text, "The body of every request.")
    private static let from = Field("from", .duration, "When it begins.")
    private static let until = Field("until", .duration, "When it ends.")
    private static let connections = Field(
        "connections",
        .cases() as Reader<TrafficSpec.Connections>,
        "What happens to connections: `reuse` keeps them, `new` opens one for each request."
    )
    private static let retry = Field(
        "retry",
        .boolean,
        "Whether a request is sent once more on a new connection when the one that it reused ended before an answer, as clients do; true without it."
    )
    private static let cookies = Field(
        "cookies",
        .boolean,
        "True when each client sends the cookies that it was given, as browsers do."
    )
    private static let arrivals = Field(
        "arrivals",
        .cases() as Reader<TrafficSpec.Arrivals>,
        "How requests are spread in time: `regular`, or `random` with the same mean."
    )
    private static let selection = Field(
        "selection",
        .cases() as Reader<TrafficSpec.Selection>,
        "Which of several requests is sent: each in `turn`, a `random` one, or `all` each time."
    )
    private static let addresses = Field(
        "addresses",
        Reader<[String]>.oneOrMany(of: .address),
        "The IP addresses that the clients come from, given out in turn; one of the network's own without it."
    )
    private static let moves = Field(
        "moves",
        .positiveDuration,
        "How long a client stays at one of the addresses: then its HTTP/3 connections go on from the next, as those of phones do between networks."
    )
    private static let websocket = Field(
        "websocket",
        StreamUseRecord.websocket.reader,
        "Each request opens a WebSocket that is held: how messages go over it. Without a rate each client opens one."
    )
    private static let grpc = Field(
        "grpc",
        StreamUseRecord.grpc.reader,
        "Each request is a call of gRPC: how messages go over it. Without a rate each client makes one."
    )
    static let timeout = Field("timeout", .positiveDuration, "How long a client waits for an answer.")
    static let to = Field(
        "to",
        .text("an AlbConfig's name", example: "alb"),
        "The AlbConfig whose load balancer is asked."
    )

    /// How long clients wait unless something else is said.
    static let usualTimeout = Duration.seconds(10)

    /// The name and the place are filled in by what knows them.
    private static let record = Record<TrafficSpec>(
        "traffic",
        fields: [
            AnyField(request), AnyField(rate), AnyField(every), AnyField(clients), AnyField(`protocol`),
            AnyField(headers), AnyField(body), AnyField(from), AnyField(until), AnyField(connections),
            AnyField(retry), AnyField(timeout), AnyField(to), AnyField(cookies), AnyField(arrivals),
            AnyField(selection), AnyField(websocket), AnyField(grpc),
            AnyField(addresses), AnyField(moves),
        ]
    ) { members in
        guard let requests = members[request], let interval = interval(members) else { return nil }
        let begin = members[from] ?? .zero
        if let end = members[until], end <= begin {
            members.mistake("until", "the traffic ends before it begins", "it begins at \(begin.humanText)")
        }
        members.checkAlbConfigLater(to)
        let stream = members[websocket] ?? members[grpc]
        if stream != nil { StreamUseRecord.check(members, requests, members[`protocol`] ?? .auto) }
        let isPaced = members.has("rate") || members.has("every")
        let count = stream != nil && !isPaced ? members[clients] ?? 1 : nil
        var spec = TrafficSpec(
            name: "",
            requests: requests,
            interval: count.map { .nanoseconds(1_000_000_000 / Int64($0)) } ?? interval,
            clients: members[clients] ?? 1,
            protocol: members[`protocol`] ?? .auto,
            headers: members[headers] ?? [],
            body: members[body] ?? "",
            from: begin,
            until: members[until],
            connections: members[connections] ?? .reuse,
            retriesOnNewConnection: members[retry] ?? true,
            timeout: members[timeout] ?? usualTimeout,
            albConfig: members[to],
            keepsCookies: members[cookies] ?? false,
            arrivals: members[arrivals] ?? .regular,
            selection: members[selection] ?? .turn,
            place: members.decoding.place(members.mark)
        )
        spec.addresses = members[addresses] ?? []
        spec.moves = members[moves]
        checkMoves(members)
        spec.stream = stream
        spec.count = count
        return spec
    }

    private static func checkMoves(_ members: Members) {
        guard members.has("moves") else { return }
        if members[addresses].map({ $0.count > 1 }) != true {
            members.misplaced(
                "moves",
                "nobody can move who has one address",
                "add `addresses: [198.51.100.7, 203.0.113.7]`"
            )
        }
        if let chosen = members[`protocol`], chosen != .h3, chosen != .browser {
            members.mistake("protocol", "only HTTP/3 connections outlive a move", "write h3 or browser")
        } else if !members.has("protocol") {
            members.misplaced("moves", "only HTTP/3 connections outlive a move", "add `protocol: h3`")
        }
    }

    private static func interval(_ members: Members) -> Duration? {
        switch (members.has("rate"), members.has("every")) {
        case (true, true):
            members.misplaced("every", "traffic takes either \"rate\" or \"every\"", "keep one of the two")
            return nil
        case (false, false): return .seconds(1)
        default: return members[every] ?? members[rate]?.interval
        }
    }

    static let reader: Reader<[TrafficSpec]> = {
        let specs = Reader<[Named<TrafficSpec>]>.map(of: record.reader)
        return Reader(specs.shape) { node, decoding in
            for entry in node.entries ?? [] {
                if Reader<String>.name.read(entry.key, decoding) != nil {
                    decoding.trafficNames.append(entry.key.keyText)
                }
            }
            return specs.read(node, decoding)?.map { named in
                var spec = named.value
                spec.name = named.name
                spec.place = decoding.place(named.mark)
                return spec
            }
        }
    }()
}

extension Members {
    /// Reports a load balancer that nothing makes, once every manifest has been read.
    func checkAlbConfigLater(_ field: Field<String>) {
        guard let name = self[field] else { return }
        let mark = valueMark(field.key)
        decoding.later.append { $0.checkAlbConfig(name, mark) }
    }
}

extension Decoding {
    /// Reports a load balancer that no AlbConfig of the scenario makes.
    fileprivate func checkAlbConfig(_ name: String, _ mark: YAMLNode.Mark) {
        let known = objects.map(\.object).filter { $0.kind == "AlbConfig" }.map(\.name)
        if known.contains(name) { return }
        mistake(
            mark,
            "no manifest of the scenario has an AlbConfig \"\(name)\"",
            NearMiss.help(for: name, among: known) ?? Self.nowhereHelp
        )
    }
}
