// SPDX-License-Identifier: Apache-2.0
import JSON
import Ports

extension AccountState {
    /// Carries a call out, whole or not at all.
    ///
    /// What it changed is in the store's journal until that is closed or undone.
    func execute(_ call: Call) -> Result<JSONObject, CloudRefusal> {
        mainResource = ""
        shown = []
        do {
            return .success(try carryOut(call))
        } catch {
            store.undo()
            begun = []
            handovers = []
            return .failure(error)
        }
    }

    private func carryOut(_ call: Call) throws(CloudRefusal) -> JSONObject {
        guard let body = ActionBodies.body(of: call.action) else {
            throw CloudRefusal("NotImplemented", "This action is known, and not simulated.")
        }
        if let token = call.token, let answer = try firstAnswer(call, token) { return answer }
        let answer = try body(self, call)
        if call.isDryRun { throw CloudRefusal("DryRunOperation", "The request would have been carried out.") }
        if let token = call.token { keep(answer, of: call, token) }
        return answer
    }

    // MARK: Client tokens

    private static let tokenLife = Duration.seconds(24 * 3600)
    private static let tokenLimit = 20_000

    private func tokenID(_ call: Call, _ token: String) -> String {
        "\(call.action.service.version)/\(call.action.name)/\(token)"
    }

    /// The first answer to a token, for the same parameters.
    ///
    /// - Source: that a token gives the first answer again is documented, and so is this code for other
    ///   parameters; how long tokens are kept is assumed.
    private func firstAnswer(_ call: Call, _ token: String) throws(CloudRefusal) -> JSONObject? {
        guard token.utf8.count <= 64, token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            throw .illegal("ClientToken")
        }
        guard let known = store[.token, tokenID(call, token)] else { return nil }
        let kept = Instant(nanoseconds: Int64(known.document.number("Time") ?? 0))
        if kept.advanced(by: Self.tokenLife) < call.now {
            store.remove(.token, known.id)
            return nil
        }
        guard known.document.text("Parameters") == Self.digest(call.parameters) else {
            throw CloudRefusal("IdempotentParameterMismatch", "The token was used with other parameters.")
        }
        mainResource = known.parent
        return known.document.object("Answer")
    }

    private func keep(_ answer: JSONObject, of call: Call, _ token: String) {
        add(
            .token,
            tokenID(call, token),
            parent: mainResource,
            status: "",
            [
                "Parameters": .string(Self.digest(call.parameters)), "Answer": .object(answer),
                "Time": .integer(call.now.nanoseconds),
            ]
        )
        if store.count(.token) > Self.tokenLimit, let oldest = store.oldest(.token) {
            store.remove(.token, oldest.id)
        }
    }

    /// A short text that differs for different parameters (FNV-1a over their JSON).
    private static func digest(_ parameters: JSONObject) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in JSONValue.object(parameters).sorted.bytes {
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
        }
        return String(hash, radix: 16)
    }
}
