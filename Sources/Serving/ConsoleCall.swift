// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import CloudServer
import JSON

/// A call that `POST /faults` makes as somebody at the console would: an edit or a deletion behind the
/// controller's back.
struct ConsoleCall: Sendable {
    let action: String
    let product: CloudProduct
    let parameters: JSONObject

    /// Reads `{"action": "DeleteListener", "product": "Alb", "parameters": {"ListenerId": "lsn-…"}}`.
    init(_ reader: FaultReader) throws(FaultMistake) {
        try reader.checkMembers(["action", "product", "parameters"])
        action = try reader.needed("action")
        guard let product = CloudProduct(rawValue: try reader.text("product") ?? CloudProduct.alb.rawValue)
        else {
            throw reader.mistake("product", CloudProduct.allCases.map(\.rawValue).joined(separator: ", "))
        }
        self.product = product
        guard let parameters = (reader.item["parameters"] ?? [:]).objectValue else {
            throw reader.mistake("parameters", "an object")
        }
        self.parameters = parameters
    }

    /// Makes the call; gives its answer or its refusal.
    func make(in cloud: CloudServer) -> JSONValue {
        switch cloud.perform(action, of: product, parameters) {
        case .success(let answer): .object(answer)
        case .failure(let refusal):
            [
                "Code": .string(refusal.code), "Message": .string(refusal.message),
                "Status": .integer(Int64(refusal.status)),
            ]
        }
    }
}
