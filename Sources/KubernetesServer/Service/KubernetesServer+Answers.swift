// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import KubernetesAPI
import Ports
import Synchronization

/// Calls about resources.
extension KubernetesServer {
    /// Finds what a call is about and in which form it is answered, and performs it.
    func answer(
        _ asked: inout AskedRequest,
        _ path: ResourcePath,
        _ caller: Caller,
        defersChanges: Bool = false
    ) throws(KubernetesStatus) -> Reply {
        let (request, target) = (asked.request, asked.target)
        if request.body.count > configuration.bodyLimit {
            throw Refusal.tooLarge(limit: configuration.bodyLimit)
        }
        let body = RequestBody(request)
        let now = host.clock.now
        return try registry.withLock { registry throws(KubernetesStatus) in
            registry.defersChanges = defersChanges
            asked.revisions.before = registry.revision
            defer {
                registry.defersChanges = false
                asked.revisions.after = registry.revision
            }
            guard let resource = registry.resource(path), !registry.isMisplaced(path, resource) else {
                if !registry.allResources.contains(where: { $0.type.group == path.group }) {
                    return .plainNotFound
                }
                throw Refusal.noResource()
            }
            let subresource = path.subresource.flatMap(ServedResource.Subresource.init)
            if path.subresource != nil {
                guard let subresource, resource.subresources.contains(subresource) else {
                    throw Refusal.noResource()
                }
            }
            let verbs = subresource.map(Discovery.verbs) ?? resource.verbs
            guard let verb = asked.knownVerb, verbs.contains(verb.rawValue) else {
                throw Refusal.methodNotAllowed()
            }
            let acceptance = try Self.acceptance(request, resource, verb)
            if target.isMalformed {
                throw Refusal.badRequest("invalid URL escape in \(request.head.path ?? "")")
            }
            let call = Call(
                path: path,
                target: target,
                verb: verb,
                resource: resource,
                subresource: subresource,
                form: acceptance.form == .metadata ? .metadata : .object,
                body: body,
                client: asked.client,
                caller: caller,
                userAgent: request.head.headerFields.value(of: .userAgent) ?? "",
                isUpgrade: Self.isUpgrade(request)
            )
            let presentation = try Presentation(
                acceptance,
                resource,
                target,
                isScale: subresource == .scale,
                now: now
            )
            var reply = Reply(try perform(call, registry, now))
            if let warning = resource.warning { reply.warnings.insert(warning, at: 0) }
            reply.presentation = presentation
            reply.isOfServed = true
            return reply
        }
    }

    /// True when a client wants to change the protocol, by HTTP/1.1 or as HTTP/2 does it.
    private static func isUpgrade(_ request: HTTPServerRequest) -> Bool {
        if request.head.method == .connect { return true }
        return HTTPField.Name.upgrade.map { request.head.headerFields.value(of: $0) != nil } ?? false
    }

    /// What can be given of what the client accepts.
    private static func acceptance(
        _ request: HTTPServerRequest,
        _ resource: ServedResource,
        _ verb: Verb
    ) throws(KubernetesStatus) -> Acceptance {
        var encodings: [AnswerEncoding] = [.json]
        // YAML has no way to tell where an event ends; custom resources have no field numbers.
        if verb != .watch { encodings.append(.yaml) }
        if !resource.isCustom { encodings.append(.protobuf) }
        do throws(Acceptance.NotAcceptable) {
            let accept = request.head.headerFields.value(of: .accept)
            let acceptance = try Acceptance(accept: accept, encodings: encodings)
            if acceptance.form == .aggregatedDiscovery { throw Acceptance.NotAcceptable(isForm: true) }
            return acceptance
        } catch {
            throw Refusal.notAcceptable(isForm: error.isForm, isCustom: resource.isCustom)
        }
    }

    /// In what a refusal is written: as the client likes, or in JSON.
    static func acceptance(_ request: HTTPServerRequest) -> Acceptance {
        let accept = request.head.headerFields.value(of: .accept)
        var found = (try? Acceptance(accept: accept, encodings: [.json, .yaml, .protobuf])) ?? .plain
        found.metaVersion = "v1"
        return found
    }

    private func perform(
        _ call: Call,
        _ registry: Registry,
        _ now: Instant
    ) throws(KubernetesStatus) -> Answer {
        if call.subresource?.isOfNode == true { return try registry.askNode(call) }
        switch call.verb {
        case .get, .list:
            var stale: Int64?
            if faultState.withLock({ $0.hasAny }) {
                let subject = subject(call.path, verb: call.verb.rawValue, client: call.client)
                stale = faultState.withLock { $0.staleRevision(subject, now: now) }
            }
            return call.verb == .get
                ? try registry.get(call, at: stale) : try registry.list(call, at: stale)
        case .watch:
            let subject = subject(call.path, verb: call.verb.rawValue, client: call.client)
            let (isStalled, eventsLeft) = faultState.withLock { state in
                state.hasAny
                    ? (state.isStalled(subject, now: now), state.eventsLeft(subject, now: now)) : (false, nil)
            }
            return try registry.watch(call, isStalled: isStalled, eventsLeft: eventsLeft)
        case .create where call.resource.isReview: return try registry.review(call)
        case .create where call.subresource != nil: return try registry.createSubresource(call)
        case .create: return try registry.create(call)
        case .update: return try registry.update(call)
        case .patch: return try registry.patch(call)
        case .delete: return try registry.delete(call)
        case .deletecollection: return try registry.deleteCollection(call)
        }
    }
}
