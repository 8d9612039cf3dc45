// SPDX-License-Identifier: Apache-2.0
import JSON

/// The whole form of an AlbConfig's spec: what is written when an AlbConfig passes through a typed struct.
///
/// Every field is there, with its zero value when nobody has set it, and what the struct does not know is gone.
///
/// - Source: the open-source controller's types, none of whose fields is left out when empty; seen upstream.
enum AlbConfigForm {
    /// What a field holds.
    private indirect enum Shape: Sendable {
        case text, number, flag
        /// One of some words, or nothing.
        case word([String])
        /// A number or a text that whoever reads it has more to say of.
        case readNumber, readText
        /// A flag that may be unset.
        case openFlag
        /// Kept as it is.
        case asIs
        case list(Shape)
        case object([(String, Shape)])
        /// Null when it is not there.
        case pointer(Shape)
    }

    /// A spec in its whole form.
    static func spec(_ spec: JSONValue) -> JSONValue { fill(spec, whole) }

    /// True for a listener with nothing but a port and a protocol.
    static func isBare(_ entry: JSONValue) -> Bool {
        let bare: JSONValue = ["port": entry["port"] ?? 0, "protocol": entry["protocol"] ?? ""]
        return fill(entry, listener) == fill(bare, listener)
            && (entry.objectValue?.allSatisfy { member in known.contains(member.key) } ?? false)
    }

    private static func fill(_ value: JSONValue?, _ shape: Shape) -> JSONValue {
        switch shape {
        case .text, .readText, .word: .string(value?.stringValue ?? "")
        case .number, .readNumber: value?.wholeNumber.map { .integer(Int64($0)) } ?? 0
        case .flag: .bool(value?.truth ?? false)
        case .openFlag: value?.truth.map { .bool($0) } ?? .null
        case .asIs: value ?? .null
        case .list(let item): (value?.arrayValue).map { .array($0.map { fill($0, item) }) } ?? .null
        case .pointer(let shape): value?.objectValue == nil ? .null : fill(value, shape)
        case .object(let fields): .object(JSONObject(fields.map { ($0, fill(value?[$0], $1)) }))
        }
    }

    // MARK: Mistakes

    /// What holds another kind of value than it should, in words; such a field counts as not written.
    static func mistakes(in spec: JSONValue) -> [String] {
        var mistakes: [String] = []
        look(at: spec["config"], config, "spec.config", &mistakes)
        look(at: spec["listeners"], .list(listener), "spec.listeners", &mistakes)
        return mistakes
    }

    private static func look(
        at value: JSONValue?,
        _ shape: Shape,
        _ place: String,
        _ mistakes: inout [String]
    ) {
        guard let value, !value.isNull else { return }
        func expect(_ isRight: Bool, _ words: String) {
            guard !isRight else { return }
            let text = value.text
            let shown = text.count > 100 ? text.prefix(100) + "…" : text[...]
            mistakes.append("\(place) must be \(words), found \(shown)")
        }
        switch shape {
        case .asIs, .readNumber, .readText: break
        case .text: expect(value.plainText != nil && value.boolValue == nil, "a text")
        case .word(let words):
            let text = value.stringValue ?? ""
            expect(words.contains(text) || value == "", words.joined(separator: " or "))
        case .number: expect(value.wholeNumber != nil, "a number")
        case .flag, .openFlag: expect(value.truth != nil, "true or false")
        case .pointer(let inner): look(at: value, inner, place, &mistakes)
        case .list(let item):
            guard let items = value.arrayValue else { return expect(false, "a list") }
            for (number, one) in items.enumerated() {
                // An item that is null says as little as one of another kind.
                if one.isNull { mistakes.append("\(place)[\(number)] is empty") }
                look(at: one, item, "\(place)[\(number)]", &mistakes)
            }
        case .object(let fields):
            guard value.objectValue != nil else { return expect(false, "a mapping") }
            for (name, inner) in fields { look(at: value.member(name), inner, "\(place).\(name)", &mistakes) }
        }
    }

    // MARK: The fields

    private static let whole = Shape.object([("config", .pointer(config)), ("listeners", .list(listener))])

    private static let config = Shape.object([
        ("id", .text), ("name", .text), ("addressAllocatedMode", .text), ("addressType", .text),
        ("ipv6AddressType", .text), ("addressIpVersion", .text), ("resourceGroupId", .text),
        ("edition", .text),
        (
            "zoneMappings",
            .list(
                .object([
                    ("vSwitchId", .text), ("zoneId", .text), ("allocationId", .text), ("eipType", .text),
                ])
            )
        ),
        ("accessLogConfig", .object([("logProject", .text), ("logStore", .text)])),
        (
            "billingConfig",
            .object([
                ("payType", .text), ("bandWidthPackageId", .text), ("internetBandwidth", .number),
                ("internetChargeType", .text),
            ])
        ),
        ("deletionProtectionEnabled", .openFlag), ("forceOverride", .openFlag),
        ("listenerForceOverride", .openFlag),
        ("modificationProtectionConfig", .object([("reason", .text), ("status", .text)])),
        ("tags", .list(.object([("key", .text), ("value", .text)]))),
    ])

    private static let listener = Shape.object(listenerFields)
    private static let known = Set(listenerFields.map(\.0))

    private static let certificates = Shape.list(.object([("IsDefault", .flag), ("CertificateId", .text)]))

    private static let listenerFields: [(String, Shape)] = [
        ("gzipEnabled", .openFlag), ("http2Enabled", .openFlag),
        ("port", .asIs), ("protocol", .readText), ("description", .text),
        ("requestTimeout", .readNumber), ("idleTimeout", .readNumber), ("securityPolicyId", .text),
        ("caEnabled", .flag), ("loadBalancerId", .text),
        ("certificates", certificates), ("caCertificates", certificates), ("defaultActions", .asIs),
        ("quicConfig", .object([("quicUpgradeEnabled", .flag), ("quicListenerId", .text)])),
        (
            "aclConfig",
            .object([
                ("aclName", .text), ("aclType", .word(["White", "Black"])), ("aclEntries", .list(.text)),
                ("aclIds", .list(.text)),
            ])
        ),
        (
            "logConfig",
            .object([
                ("accessLogRecordCustomizedHeadersEnabled", .flag),
                (
                    "accessLogTracingConfig",
                    .object([("tracingEnabled", .flag), ("tracingSample", .number), ("tracingType", .text)])
                ),
            ])
        ),
        (
            "xForwardedForConfig",
            .object(
                ListenerField.forwardedFlags.map { ($0, Shape.flag) }
                    + ListenerField.forwardedAliases.map { ($0, Shape.text) }
            )
        ),
    ]
}
