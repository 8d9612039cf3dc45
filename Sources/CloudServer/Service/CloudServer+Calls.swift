// SPDX-License-Identifier: Apache-2.0
public import CloudAPI
public import JSON
public import Ports
import Storage
import Synchronization

extension CloudServer {
    /// What a call needs of the account before it is read.
    struct Opening {
        let requestID: String
        let signatures: CloudAccount.SignatureMode
        /// The secret of the access key that the call names.
        let secret: String?
        let region: String

        init(_ gateway: GatewayRequest, _ account: AccountState) {
            requestID = account.random.uuid().uppercased()
            signatures = account.account.signatures
            secret = RequestSignature.accessKeyID(of: gateway).flatMap { account.secret(of: $0) }
            region = account.account.region
        }
    }

    /// A call on its way through the gateway.
    private struct Passage {
        let client: String
        let service: CloudService
        let action: String
        let requestID: String
        let region: String
        let arrival: Instant
        let isXML: Bool
        /// What it is called for, as the caller says.
        let origin: TraceID
    }

    /// Answers a request.
    public func handle(_ request: HTTPServerRequest) async -> HTTPServerResponse {
        let gateway = GatewayRequest(request)
        let arrival = host.clock.now
        if let text = metadata(gateway, now: arrival) { return text }
        let (opening, plan) = state.withLock { state in
            (
                Opening(gateway, state.account),
                state.faults.plan(action: gateway.action ?? "", now: arrival, random: &state.random)
            )
        }
        if plan.isHung {
            host.trace.record(
                .note(Note(topic: "fault", message: "\(gateway.action ?? "") is never answered"))
            )
            return await never(request)
        }
        if plan.requestDelay > .zero, !(await wait(plan.requestDelay)) { return await never(request) }
        let passage = passage(gateway, opening, arrival)
        let result = answer(gateway, opening, passage, plan)
        if plan.isReplyLost {
            host.trace.record(
                .note(
                    Note(
                        topic: "fault",
                        message: "the answer to \(passage.action) \(passage.requestID) is lost"
                    )
                )
            )
            return await never(request)
        }
        if plan.replyDelay > .zero, !(await wait(plan.replyDelay)) { return await never(request) }
        return response(result, passage)
    }

    /// Answers a request on the caller's thread; nil while faults are in force, which may want it to wait.
    public func handlePromptly(_ request: HTTPServerRequest) -> HTTPServerResponse? {
        let gateway = GatewayRequest(request)
        let arrival = host.clock.now
        if let text = metadata(gateway, now: arrival) { return text }
        let opening = state.withLock { state in
            state.faults.isEmpty ? Opening(gateway, state.account) : nil
        }
        guard let opening else { return nil }
        let passage = passage(gateway, opening, arrival)
        return response(answer(gateway, opening, passage, FaultPlan()), passage)
    }

    /// Carries a call out as somebody at the console would: no signature, no faults.
    ///
    /// - Parameters:
    ///   - action: The action's name.
    ///   - product: The product that it belongs to.
    ///   - parameters: Its parameters, nested as the API documents them.
    ///   - respectsManagement: True when what a managed controller owns may not be edited.
    /// - Returns: The answer's members, or the refusal.
    @discardableResult
    public func perform(
        _ action: String,
        of product: CloudProduct = .alb,
        _ parameters: JSONObject = [:],
        respectsManagement: Bool = false
    ) -> Result<JSONObject, CloudRefusal> {
        let arrival = host.clock.now
        let (requestID, region) = state.withLock { state in
            (state.account.random.uuid().uppercased(), state.account.account.region)
        }
        let passage = Passage(
            client: "console",
            service: CloudService(version: product.version) ?? .alb,
            action: action,
            requestID: requestID,
            region: region,
            arrival: arrival,
            isXML: false,
            origin: Origin.current
        )
        do throws(CloudRefusal) {
            let description = try ActionTable.shared.find(version: product.version, action: action)
            let pairs = Flattening.flatten(parameters)
            if respectsManagement {
                let call = try Self.call(pairs, description, FaultPlan(), now: arrival)
                let refusal = state.withLock { state -> CloudRefusal? in
                    do throws(CloudRefusal) {
                        try state.account.checkManagement(of: call)
                        return nil
                    } catch {
                        return error
                    }
                }
                if let refusal { throw refusal }
            }
            return carryOut(pairs, passage, FaultPlan(), description)
        } catch {
            return .failure(error)
        }
    }

    // MARK: The way of a call

    private func metadata(_ gateway: GatewayRequest, now: Instant) -> HTTPServerResponse? {
        guard gateway.path.hasPrefix("/latest/") else { return nil }
        let answer = state.withLock { state in
            MetadataPaths.answer(
                method: gateway.method,
                path: gateway.path,
                account: state.account.account,
                expiry: now.advanced(by: .seconds(6 * 3600)).rfc3339
            )
        }
        return answer.map { GatewayAnswer.text($0.status, $0.text) }
    }

    private func passage(_ gateway: GatewayRequest, _ opening: Opening, _ arrival: Instant) -> Passage {
        Passage(
            client: gateway.client,
            service: service(of: gateway),
            action: gateway.action ?? "",
            requestID: opening.requestID,
            region: opening.region,
            arrival: arrival,
            isXML: gateway.parameter("Format")?.lowercased() == "xml",
            origin: Origin.of(gateway.headers)
        )
    }

    private func service(of gateway: GatewayRequest) -> CloudService {
        gateway.version.flatMap { CloudService(version: $0) } ?? CloudService(host: gateway.host) ?? .alb
    }

    private func answer(
        _ gateway: GatewayRequest,
        _ opening: Opening,
        _ passage: Passage,
        _ plan: FaultPlan
    ) -> Result<JSONObject, CloudRefusal> {
        do throws(CloudRefusal) {
            let action = try find(gateway)
            try checkSignature(gateway, opening)
            return carryOut(gateway.parameters, passage, plan, action)
        } catch {
            record(passage, .failure(error), resource: "", plan)
            return .failure(error)
        }
    }

    /// - Source: the gateway's codes; documented, their statuses in part assumed.
    private func find(_ gateway: GatewayRequest) throws(CloudRefusal) -> ActionDescription {
        guard let name = gateway.action, !name.isEmpty else {
            throw CloudRefusal("MissingAction", "The request names no action.")
        }
        guard let version = gateway.version ?? CloudService(host: gateway.host)?.version else {
            throw CloudRefusal("MissingVersion", "The request names no version.")
        }
        return try ActionTable.shared.find(version: version, action: name)
    }

    /// Reads the parameters, carries the call out and keeps what it did; records it.
    private func carryOut(
        _ pairs: [(String, String)],
        _ passage: Passage,
        _ plan: FaultPlan,
        _ action: ActionDescription
    ) -> Result<JSONObject, CloudRefusal> {
        let call: Call
        do throws(CloudRefusal) {
            if let refusal = plan.refusal { throw refusal }
            call = try Self.call(pairs, action, plan, now: host.clock.now)
        } catch {
            record(passage, .failure(error), resource: "", plan)
            return .failure(error)
        }
        return state.withLock { state in
            let account = state.account
            var result = account.execute(call)
            var waiting: [Work] = []
            if case .success = result { waiting = account.settleBegunWorks(now: call.now) }
            account.noteReads(of: account.shown, now: call.now)
            if let failure = commit(account, waiting) { result = .failure(failure) }
            if case .success(let answer) = result {
                result = .success(plan.omissions.reduce(answer) { $1.apply(to: $0) })
            }
            if let refusal = plan.laterRefusal { result = .failure(refusal) }
            let cause = record(passage, result, resource: account.mainResource, plan)
            for work in waiting {
                account.works[work.id]?.cause = cause
                if let due = work.due, account.works[work.id] != nil { arm(work.id, due) }
            }
            send(&state, cause: cause)
            return result
        }
    }

    private static func call(
        _ pairs: [(String, String)],
        _ action: ActionDescription,
        _ plan: FaultPlan,
        now: Instant
    ) throws(CloudRefusal) -> Call {
        let parameters = try ParameterDecoder.decode(pairs, for: action)
        var call = Call(action: action, parameters: parameters, now: now)
        call.outcome = plan.outcome
        if let part = plan.part {
            call.shorten(to: part)
        } else if action.takesToken {
            call.token = pairs.first { $0.0 == "ClientToken" && !$0.1.isEmpty }?.1
        }
        if action.takesDryRun {
            call.isDryRun = pairs.contains { $0.0 == "DryRun" && $0.1.lowercased() == "true" }
        }
        return call
    }

    /// Writes what a step changed; undoes it when that fails.
    func commit(_ account: AccountState, _ begun: [Work]) -> CloudRefusal? {
        if account.store.isUnchanged { return nil }
        let changes = account.store.changes
        do {
            try database.write { try ResourceTable.write(changes, $0) }
            account.store.closeJournal()
            return nil
        } catch {
            account.store.undo()
            for work in begun { account.works[work.id] = nil }
            account.handovers = []
            account.rebuildServed()
            host.trace.record(
                .note(Note(topic: "warning", message: "the account could not be written: \(error)"))
            )
            return CloudRefusal("InternalError", "The request could not be stored.")
        }
    }

    // MARK: Answers and traces

    @discardableResult
    private func record(
        _ passage: Passage,
        _ result: Result<JSONObject, CloudRefusal>,
        resource: String,
        _ plan: FaultPlan
    ) -> TraceID {
        var (status, code) = (200, "")
        if case .failure(let refusal) = result { (status, code) = (refusal.status, refusal.code) }
        let duration = passage.arrival.duration(to: host.clock.now) + plan.replyDelay
        return host.trace.record(
            .cloudCall(
                CloudCall(
                    client: passage.client,
                    product: passage.service.product,
                    action: passage.action,
                    resource: resource,
                    status: status,
                    code: code,
                    requestID: passage.requestID,
                    duration: duration
                )
            ),
            cause: passage.origin
        )
    }

    private func response(
        _ result: Result<JSONObject, CloudRefusal>,
        _ passage: Passage
    ) -> HTTPServerResponse {
        switch result {
        case .success(let members):
            return GatewayAnswer.success(
                members,
                requestID: passage.requestID,
                action: passage.action,
                isXML: passage.isXML
            )
        case .failure(let refusal):
            return GatewayAnswer.refusal(
                refusal,
                hostName: passage.service.hostName(region: passage.region),
                requestID: passage.requestID,
                isXML: passage.isXML
            )
        }
    }

    /// Waits; false when the server stops meanwhile.
    private func wait(_ delay: Duration) async -> Bool {
        do {
            try await host.clock.sleep(for: delay)
            return true
        } catch {
            return false
        }
    }

    /// Waits until the client has gone; what it gives then reaches nobody.
    private func never(_ request: HTTPServerRequest) async -> HTTPServerResponse {
        let (stream, continuation) = AsyncStream<Never>.makeStream()
        request.disconnection.onGone { continuation.finish() }
        for await _ in stream {}
        return GatewayAnswer.text(503, "")
    }
}
