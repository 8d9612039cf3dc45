// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import JSON
import Ports
import Synchronization

/// Counts the writing calls of one pass.
final class WriteTally: Sendable {
    private let number = Mutex(0)

    var count: Int { number.withLock { $0 } }

    func add() { number.withLock { $0 += 1 } }
}

/// Calls the cloud, and calls again where that can help.
final class CloudCaller: Sendable {
    private let host: Host
    private let client: CloudClient
    private let random: Mutex<RandomStream>
    private let profile: Profile
    private let onCall: @Sendable (String, Bool) -> Void

    init(
        host: Host,
        configuration: CloudClient.Configuration,
        profile: Profile = .managed,
        onCall: @escaping @Sendable (String, Bool) -> Void = { _, _ in }
    ) {
        self.host = host
        self.profile = profile
        self.onCall = onCall
        client = CloudClient(host: host, configuration: configuration)
        random = Mutex(host.random.stream("cloud caller"))
    }

    /// A call that changes nothing; one without patience is not repeated.
    func read(
        _ action: String,
        of product: CloudProduct = .alb,
        _ parameters: JSONObject = [:],
        isPatient: Bool = true
    ) async throws(CloudError) -> JSONValue {
        try await call(action, product, parameters, isPatient: isPatient)
    }

    /// A call that changes something: a repeated one is known by its token, so it has its effect once.
    func write(
        _ action: String,
        of product: CloudProduct,
        _ parameters: JSONObject,
        tally: WriteTally
    ) async throws(CloudError) -> JSONValue {
        var parameters = parameters
        if product == .alb, !Self.withoutToken.contains(action) {
            parameters["ClientToken"] = .string(token())
        }
        tally.add()
        return try await call(action, product, parameters)
    }

    private static let withoutToken: Set<String> = ["TagResources", "UnTagResources", "MoveResourceGroup"]

    /// The instant is in it, so that a restarted controller never repeats one.
    private func token() -> String {
        let letters = random.withLock { $0.letters(12, from: "abcdefghijklmnopqrstuvwxyz0123456789") }
        return "\(String(host.clock.now.nanoseconds, radix: 36))-\(letters)"
    }

    private func call(
        _ action: String,
        _ product: CloudProduct,
        _ parameters: JSONObject,
        isPatient: Bool = true
    ) async throws(CloudError) -> JSONValue {
        let start = host.clock.now
        var tries = 0
        while true {
            let failure: CloudError
            do throws(CloudError) {
                let answer = try await client.call(action, of: product, parameters)
                onCall(action, false)
                return answer
            } catch {
                onCall(action, true)
                failure = error
            }
            guard isPatient, let patience = CallPatience.with(failure, of: action, profile),
                !Task.isCancelled
            else { throw failure }
            let pause = pause(patience, after: tries)
            tries += 1
            guard start.duration(to: host.clock.now) + pause <= patience.limit,
                (try? await host.clock.sleep(for: pause)) != nil
            else { throw failure }
        }
    }

    /// Doubled with each try, and up to a fifth longer, so that callers do not march in step.
    private func pause(_ patience: Patience, after tries: Int) -> Duration {
        let plain = min(patience.first.scaled(by: Double(1 << min(tries, 10))), patience.last)
        let spread = random.withLock { $0.duration(in: .zero...plain.scaled(by: 0.2)) }
        return plain + spread
    }
}

extension CloudError {
    /// What happened, without what differs from call to call.
    var reason: String {
        switch self {
        case .refused(_, let code, let message, _): "\(code): \(message)"
        case .lost, .malformed: description
        }
    }
}
