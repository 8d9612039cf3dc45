// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes
import Ports

/// The head of a request as a version of a listener understands it.
///
/// Most clients send the same heads again and again on a connection. Such a head is read, checked, matched and made ready
/// for the servers once; what differs from request to request, such as whose turn it is, is asked of it each time.
final class RequestReading {
    /// The rule that takes a request, and what is done with it.
    final class Choice {
        /// The rule's place in the table; nil for the default action.
        let place: Int?
        let rule: CompiledRule?
        let actions: CompiledActions
        /// What traces call the rule.
        let label: String
        /// True when the rule, or rules on answers, may change what the server answers.
        let changesAnswers: Bool

        init(_ facts: RequestFacts, _ table: RuleTable) {
            place = table.place(for: facts)
            rule = place.map { table.rules[$0] }
            actions = rule?.actions ?? table.defaultActions
            label = rule?.label ?? "default"
            changesAnswers = actions.cors != nil || !table.responseRules.isEmpty
        }
    }

    let version: ListenerVersion
    /// The head with its target as rules see it.
    let head: HTTPRequest
    let scan: FieldScan
    /// Why such a request is answered at once; nil when it may go on.
    let objection: OwnAnswer?
    let facts: RequestFacts
    private(set) lazy var choice = Choice(facts, version.table)
    /// True when it may be sent twice.
    let isIdempotent: Bool
    /// As it came, to be known again.
    private let original: MessageHead
    /// What servers get, for groups of one version of HTTP.
    private var forwarded: (version: HTTPVersion, head: MessageHead)?

    /// Reads a head.
    init(
        _ original: MessageHead,
        _ request: HTTPRequest,
        version: ListenerVersion,
        client: ClientFacts,
        isOld: Bool,
        settings: DataPlaneSettings
    ) {
        self.original = original
        self.version = version
        var head = request
        if let path = head.path, path.utf8.first != UInt8(ascii: "/") { RequestTarget.normalise(&head, path) }
        self.head = head
        scan = FieldScan(head.headerFields)
        let listener = version.compiled.forwarded
        facts = RequestFacts(
            head,
            source: listener.source(connection: client.source, fields: head.headerFields)
        )
        isIdempotent = ExchangeMachine.isIdempotent(facts.method)
        objection = RequestCheck.objection(
            to: head,
            method: facts.method,
            isOld: isOld,
            scan: scan,
            mark: listener.hop.value,
            settings: settings
        )
    }

    /// True when a head is this one.
    func isOf(_ other: MessageHead) -> Bool {
        if original.isTriviallyIdentical(to: other) { return true }
        guard case .request(let known) = original, case .request(let other) = other else { return false }
        return known == other
    }

    // MARK: What servers get

    /// The head as servers of a group get it.
    func forwarded(to group: ServedGroup, for client: Client) -> MessageHead {
        if let forwarded, forwarded.version == group.options.plainVersion { return forwarded.head }
        let made = MessageHead.request(upstreamHead(group, client))
        forwarded = (group.options.plainVersion, made)
        return made
    }

    private func upstreamHead(_ group: ServedGroup, _ client: Client) -> HTTPRequest {
        var request = head
        version.compiled.forwarded.apply(
            to: &request.headerFields,
            scan: scan,
            client: client.facts,
            authority: head.authority ?? ""
        )
        // gRPC servers insist on it, and it concerns this connection only.
        if group.options.plainVersion == .http2 { request.headerFields[.te] = "trailers" }
        let actions = choice.actions
        guard !actions.isPlainForward else { return request }
        if !actions.headerEdits.isEmpty {
            let origin = client.origin
            for edit in actions.headerEdits {
                edit.apply(to: &request.headerFields, source: head.headerFields, origin: origin)
            }
        }
        if let rewrite = actions.rewrite {
            var values = client.listener.values(facts)
            if rewrite.hasCaptures { values.captures = choice.rule?.captures(for: facts) ?? [] }
            rewrite.apply(to: &request, values: values)
        }
        return request
    }
}

/// The heads that a client sent lately on a connection, with what was made of them.
struct ReadingMemory {
    /// So many are remembered: clients go through few different requests.
    private static let limit = 4
    /// A head of more bytes is remembered alone, so that connections stay small.
    private static let largestBytes = 2048
    private var readings: [RequestReading] = []

    /// What was made of a head under a version; nil when it is not remembered.
    func reading(of head: MessageHead, _ version: ListenerVersion) -> RequestReading? {
        for place in readings.indices where readings[place].version === version && readings[place].isOf(head)
        {
            return readings[place]
        }
        return nil
    }

    /// Remembers what was made of a head.
    mutating func keep(_ reading: RequestReading) {
        // What was made under an earlier version keeps that version alive, and is of no more use.
        readings.removeAll { $0.version !== reading.version || $0.scan.bytes > Self.largestBytes }
        if reading.scan.bytes > Self.largestBytes { readings = [] }
        if readings.count == Self.limit { readings.removeFirst() }
        readings.append(reading)
    }
}
