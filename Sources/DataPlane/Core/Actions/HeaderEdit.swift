// SPDX-License-Identifier: Apache-2.0
import HTTPTypes

/// A change to a header field.
///
/// - Source: documented: an inserted field takes the place of one with its name unless it is told not to; the system's
///   own values are those of `SystemValue`. That the field which is there stays then is assumed.
enum HeaderEdit: Sendable {
    /// What the load balancer knows of a request.
    enum SystemValue: String, Sendable {
        case clientPort = "ClientSrcPort"
        case clientAddress = "ClientSrcIp"
        case scheme = "Protocol"
        case loadBalancer = "SLBId"
        case port = "SLBPort"
    }

    case set(HTTPField)
    case copy(HTTPField.Name, from: HTTPField.Name)
    case setSystem(HTTPField.Name, SystemValue)
    case remove(HTTPField.Name)
    /// Does something only where no field of that name is.
    indirect case unlessPresent(HTTPField.Name, HeaderEdit)

    /// Reads an InsertHeader action; nil when its names mean nothing.
    init?(insert key: String, value: String, valueType: String, covers: Bool = true) {
        guard let name = HTTPField.Name(key) else { return nil }
        guard covers else {
            guard let edit = HeaderEdit(insert: key, value: value, valueType: valueType) else {
                return nil
            }
            self = .unlessPresent(name, edit)
            return
        }
        switch valueType {
        case "UserDefined", "":
            self = .set(HTTPField(name: name, value: value))
        case "ReferenceHeader":
            guard let source = HTTPField.Name(value) else { return nil }
            self = .copy(name, from: source)
        case "SystemDefined":
            guard let known = SystemValue(rawValue: value) else { return nil }
            self = .setSystem(name, known)
        default:
            return nil
        }
    }

    /// Changes `fields`; `source` is where referenced fields are read.
    func apply(to fields: inout HTTPFields, source: HTTPFields, origin: Origin) {
        switch self {
        case .set(let field): fields.put(field)
        case .copy(let name, let from): fields[name] = source[from]
        case .setSystem(let name, let value): fields.put(HTTPField(name: name, value: origin.text(of: value)))
        case .remove(let name): fields[name] = nil
        case .unlessPresent(let name, let edit):
            if !fields.contains(name) { edit.apply(to: &fields, source: source, origin: origin) }
        }
    }
}

/// Where a request came from and what it came to, as header fields name it.
struct Origin: Sendable {
    var clientAddress: String
    var clientPort: Int
    /// `http` or `https`.
    var scheme: String
    var loadBalancer: String
    var port: Int

    func text(of value: HeaderEdit.SystemValue) -> String {
        switch value {
        case .clientPort: String(clientPort)
        case .clientAddress: clientAddress
        case .scheme: scheme
        case .loadBalancer: loadBalancer
        case .port: String(port)
        }
    }
}

extension HTTPFields {
    /// Sets a field in place of all with its name.
    mutating func put(_ field: HTTPField) {
        if contains(field.name) { self[field.name] = nil }
        append(field)
    }
}
