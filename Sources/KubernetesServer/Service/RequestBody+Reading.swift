// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import JSON
import Ports
import YAML

extension RequestBody {
    static let yaml = "application/yaml"

    /// Reads the body of a request: JSON, YAML or protobuf, and patches in JSON or YAML.
    init(_ request: HTTPServerRequest) {
        let header = request.head.headerFields.value(of: .contentType) ?? "application/json"
        let type =
            header == "application/json"
            ? header : (header.split(separator: ";").first ?? "").filter { $0 != " " }.lowercased()
        let bytes = request.body
        if bytes.isEmpty {
            self = .none
        } else if type == "application/json" || type.hasSuffix("+json") {
            do {
                let json = try JSONValue(parsing: bytes)
                self = .json(json, mediaType: type, duplicates: DuplicateMembers.paths(in: bytes, json))
            } catch {
                self = .broken(BodyMistake("\(error)", isJSON: true, bytes), mediaType: type)
            }
        } else if type == Self.yaml || type.hasSuffix("+yaml") {
            self = Self.yaml(bytes, type)
        } else if type == ProtobufEnvelope.mediaType {
            do {
                self = .json(try ProtobufEnvelope.read(bytes), mediaType: type)
            } catch {
                self = .broken(BodyMistake(error.message, isJSON: false, bytes), mediaType: type)
            }
        } else {
            self = .unread(mediaType: type)
        }
    }

    private static func yaml(_ bytes: [UInt8], _ type: String) -> RequestBody {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let mistake = BodyMistake("yaml: invalid leading UTF-8 octet", isJSON: false, bytes)
            return .broken(mistake, mediaType: type)
        }
        do {
            return .json(try JSONValue(yaml: text), mediaType: type)
        } catch {
            return .broken(BodyMistake("yaml: \(error)", isJSON: false, bytes), mediaType: type)
        }
    }
}
