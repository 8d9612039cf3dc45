// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import NIOHPACK
import Ports

extension HPACKHeaders {
    /// Fields that only HTTP/1 knows: they concern one connection.
    private static func isConnectionField(_ name: String) -> Bool {
        switch name.utf8.count {
        case 7: name == "upgrade"
        case 10: name == "connection" || name == "keep-alive"
        case 16: name == "proxy-connection"
        case 17: name == "transfer-encoding"
        default: false
        }
    }

    private static func fieldName(_ text: String) -> HTTPField.Name? {
        var text = text
        return text.withUTF8 { FieldNameTable.name(UnsafeRawBufferPointer($0)) }
    }

    init(_ request: HTTPRequest) {
        self.init()
        reserveCapacity(request.headerFields.count + 4)
        add(name: ":method", value: request.method.rawValue)
        add(name: ":scheme", value: request.scheme ?? "http")
        if let authority = request.authority { add(name: ":authority", value: authority) }
        add(name: ":path", value: request.path ?? "/")
        add(request.headerFields)
    }

    init(_ response: HTTPResponse) {
        self.init()
        reserveCapacity(response.headerFields.count + 1)
        add(name: ":status", value: response.status.code == 200 ? "200" : String(response.status.code))
        add(response.headerFields)
    }

    /// The fields after a message's body.
    init(trailers: HTTPFields) {
        self.init()
        add(trailers)
    }

    private mutating func add(_ fields: HTTPFields) {
        for index in 0..<fields.endIndex {
            let field = fields[index]
            let name = field.name.canonicalName
            if !Self.isConnectionField(name) { add(name: name, value: field.value) }
        }
    }

    /// The request that the headers make up; the order and number of its parts were checked before.
    ///
    /// - Source: RFC 9113, 8.2.3 and 8.3.1: several Cookie fields become one, and :authority counts more than Host:
    ///   documented.
    func request() throws(MessageFault) -> HTTPRequest {
        var (method, scheme, authority, path): (String?, String?, String?, String?)
        var host: String?
        var fields = HTTPFields()
        for (name, value, _) in self {
            if name.utf8.first == UInt8(ascii: ":") {
                switch name {
                case ":method": method = value
                case ":scheme": scheme = value
                case ":authority": authority = value
                case ":path": path = value
                default: throw .malformed
                }
                continue
            }
            guard let name = Self.fieldName(name) else { throw .malformed }
            if name.canonicalName == "host" {
                host = value
            } else if name == .cookie, let before = fields[.cookie] {
                fields[.cookie] = "\(before); \(value)"
            } else {
                fields.append(HTTPField(name: name, value: value))
            }
        }
        guard let method, let read = HTTPRequest.Method(method) else { throw .malformed }
        if let authority, !authority.utf8.allSatisfy(ByteClass.isHost) { throw .malformed }
        return HTTPRequest(
            method: read,
            scheme: scheme,
            authority: authority ?? host,
            path: path,
            headerFields: fields
        )
    }

    /// The response that the headers make up.
    func response() throws(MessageFault) -> HTTPResponse {
        var code: Int?
        var fields = HTTPFields()
        for (name, value, _) in self {
            if name.utf8.first == UInt8(ascii: ":") {
                guard name == ":status", let number = Int(value), (100...599).contains(number) else {
                    throw .malformed
                }
                code = number
            } else if let name = Self.fieldName(name) {
                fields.append(HTTPField(name: name, value: value))
            } else {
                throw .malformed
            }
        }
        guard let code else { throw .malformed }
        return HTTPResponse(status: HTTPResponse.Status(code: code), headerFields: fields)
    }

    /// The fields after a body; those that cannot be there are left out.
    var trailers: HTTPFields {
        var fields = HTTPFields()
        for (name, value, _) in self {
            if let name = Self.fieldName(name) { fields.append(HTTPField(name: name, value: value)) }
        }
        return fields
    }
}
