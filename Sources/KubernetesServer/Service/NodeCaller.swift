// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import KubernetesAPI
import Ports
import Synchronization

/// What a pod's node is to be asked.
struct NodeRequest: Sendable {
    /// Where the kubelet is.
    let endpoint: Endpoint
    /// Path and query.
    let path: String
    /// The pod, for refusals.
    let pod: String
}

/// Asks kubelets, and hands on what they answer for as long as they do.
///
/// - Source: `LocationStreamer` of kube-apiserver (seen upstream).
final class NodeCaller: Sendable {
    /// An answer that is being handed on.
    private struct Relay: Sendable {
        let reply: HTTPReply
        let pieces: AsyncStream<[UInt8]>.Continuation
        /// Ends when its reader has gone.
        let gone: AsyncStream<Void>
    }

    /// How long a kubelet may take to begin an answer.
    private static let patience = Duration.seconds(30)

    private let host: Host
    private let client: HTTPClient
    private let relays: AsyncStream<Relay>
    private let inlet: AsyncStream<Relay>.Continuation

    init(host: Host) {
        self.host = host
        client = HTTPClient(host: host)
        (relays, inlet) = AsyncStream.makeStream()
    }

    /// Hands answers on while something else runs.
    func running(_ body: () async throws(NetworkFailure) -> Void) async throws(NetworkFailure) {
        let result = await withDiscardingTaskGroup { group -> Result<Void, NetworkFailure> in
            group.addTask { [self] in
                await withDiscardingTaskGroup { group in
                    for await relay in relays { group.addTask { await Self.pass(relay) } }
                    group.cancelAll()
                }
            }
            let result: Result<Void, NetworkFailure>
            do throws(NetworkFailure) {
                try await body()
                result = .success(())
            } catch {
                result = .failure(error)
            }
            group.cancelAll()
            return result
        }
        try result.get()
    }

    /// Asks a node.
    ///
    /// - Returns: What it says, as it comes, and what ends that early.
    /// - Throws: `KubernetesStatus` when it can not be reached or refuses.
    func ask(
        _ request: NodeRequest
    ) async throws(KubernetesStatus) -> (pieces: AsyncStream<[UInt8]>, cancel: @Sendable () -> Void) {
        let head = HTTPRequest(
            method: .get,
            scheme: "http",
            authority: "\(request.endpoint.host):\(request.endpoint.port)",
            path: request.path
        )
        let reply: HTTPReply
        do throws(NetworkFailure) {
            reply = try await client.send(head, to: request.endpoint, timeout: Self.patience)
        } catch {
            throw Self.unreachable(request, error)
        }
        guard (200...206).contains(reply.status) else {
            let bytes = (try? await reply.collect()) ?? []
            throw Self.refusal(reply.status, String(decoding: bytes, as: UTF8.self), request)
        }
        let (stream, pieces) = AsyncStream<[UInt8]>.makeStream(bufferingPolicy: .bufferingOldest(10_000))
        let (gone, signal) = AsyncStream<Void>.makeStream()
        inlet.yield(Relay(reply: reply, pieces: pieces, gone: gone))
        return (
            stream,
            {
                pieces.finish()
                signal.finish()
            }
        )
    }

    /// Hands an answer on until it ends, or its reader goes.
    private static func pass(_ relay: Relay) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    for try await piece in relay.reply.body {
                        if case .enqueued = relay.pieces.yield(piece) { continue }
                        break
                    }
                } catch {
                    // The node is gone: what came is all there is, and the reader sees the end.
                }
                relay.pieces.finish()
            }
            group.addTask { for await _ in relay.gone {} }
            await group.next()
            group.cancelAll()
        }
    }

    private static func unreachable(_ request: NodeRequest, _ failure: NetworkFailure) -> KubernetesStatus {
        let why =
            switch failure {
            case .refused: "connect: connection refused"
            case .timedOut: "i/o timeout"
            default: "\(failure)"
            }
        let place = "\(request.endpoint.host):\(request.endpoint.port)"
        return Refusal.internalError("Get \"https://\(place)\(request.path)\": dial tcp \(place): \(why)")
    }

    /// - Source: `GenericHttpResponseChecker` of kube-apiserver (seen upstream).
    private static func refusal(_ status: Int, _ text: String, _ request: NodeRequest) -> KubernetesStatus {
        switch status {
        case 400: return Refusal.badRequest(text)
        case 404:
            return KubernetesStatus(
                code: 404,
                reason: "NotFound",
                message: "the server could not find the requested resource ( pods/log \(request.pod))",
                name: request.pod,
                kind: "pods/log"
            )
        default:
            return KubernetesStatus(
                code: 500,
                reason: "InternalError",
                message: "Internal error occurred: \(text)",
                causes: [.init(reason: "", message: text, field: "")]
            )
        }
    }
}
