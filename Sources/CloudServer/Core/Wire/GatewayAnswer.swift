// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import JSON
import Ports

/// Answers as the gateway sends them: one object with a RequestId, or an error object with five texts.
///
/// - Source: the envelopes that the SDKs read; seen upstream.
enum GatewayAnswer {
    /// The answer to a call that was carried out.
    static func success(
        _ members: JSONObject,
        requestID: String,
        action: String,
        isXML: Bool
    ) -> HTTPServerResponse {
        let first = JSONObject.Member(key: "RequestId", value: .string(requestID))
        let object = JSONObject(distinct: [first] + members.without("RequestId").members)
        return response(200, object, requestID: requestID, root: "\(action)Response", isXML: isXML)
    }

    /// The answer to a call that was refused.
    ///
    /// None of its texts holds another error code: clients look for
    /// codes anywhere in them.
    static func refusal(
        _ refusal: CloudRefusal,
        hostName: String,
        requestID: String,
        isXML: Bool
    ) -> HTTPServerResponse {
        let object: JSONObject = [
            "RequestId": .string(requestID), "HostId": .string(hostName), "Code": .string(refusal.code),
            "Message": .string(refusal.message),
            "Recommend": .string("https://api.aliyun.com/troubleshoot?requestId=\(requestID)"),
        ]
        return response(refusal.status, object, requestID: requestID, root: "Error", isXML: isXML)
    }

    /// A plain text, as the metadata service answers.
    static func text(_ status: Int, _ text: String) -> HTTPServerResponse {
        HTTPServerResponse(
            head: HTTPResponse(status: .init(code: status), headerFields: [.contentType: "text/plain"]),
            body: .bytes(Array(text.utf8))
        )
    }

    private static let requestIDField = HTTPField.Name("x-acs-request-id")

    private static func response(
        _ status: Int,
        _ object: JSONObject,
        requestID: String,
        root: String,
        isXML: Bool
    ) -> HTTPServerResponse {
        var head = HTTPResponse(status: .init(code: status))
        let type = isXML ? "text/xml;charset=utf-8" : "application/json;charset=utf-8"
        head.headerFields.append(HTTPField(name: .contentType, value: type))
        if let name = requestIDField { head.headerFields.append(HTTPField(name: name, value: requestID)) }
        let value = JSONValue.object(object)
        return HTTPServerResponse(
            head: head,
            body: .bytes(isXML ? Array(XMLText.write(value, root: root).utf8) : value.bytes)
        )
    }
}

/// A JSON value as XML: members are elements, items of a list repeat the list's element.
enum XMLText {
    static func write(_ value: JSONValue, root: String) -> String {
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + element(root, value)
    }

    private static func element(_ name: String, _ value: JSONValue) -> String {
        switch value {
        case .array(let items): items.map { element(name, $0) }.joined()
        case .object(let object):
            "<\(name)>" + object.members.map { element($0.key, $0.value) }.joined() + "</\(name)>"
        case .string(let text): "<\(name)>\(escaped(text))</\(name)>"
        case .null: ""
        default: "<\(name)>\(value.text)</\(name)>"
        }
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            default: escaped.append(character)
            }
        }
        return escaped
    }
}
