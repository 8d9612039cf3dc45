// SPDX-License-Identifier: Apache-2.0
public import HTTPTypes

/// What the present work is done for: an entry of the trace, or a controller's pass.
///
/// Whoever begins work sets it: the scenario for a step, an informer for a change, a controller for a pass. Work queues
/// keep it with the key, clients send it with their calls, servers write it into the trace as the call's cause. It is
/// of the trace alone, so that no function depends on it, and travels with the task as contexts of distributed
/// tracing do; a host without a trace has none, and nothing is sent.
public enum Origin {
    /// What is done now is done for this; `.none` when nobody knows.
    @TaskLocal public static var current: TraceID = .none

    /// The header field that carries it from a simulated caller to the server.
    public static let field: HTTPField.Name? = HTTPField.Name("Albedo-Cause")

    /// Puts the present origin into a request, when there is one.
    public static func mark(_ fields: inout HTTPFields) {
        let origin = current
        guard origin != .none, let field else { return }
        fields[field] = String(Int64(bitPattern: origin.number))
    }

    /// What a request says that it is made for.
    public static func of(_ fields: HTTPFields) -> TraceID {
        guard let field, let text = fields[field], let number = Int64(text) else { return .none }
        return TraceID(number: UInt64(bitPattern: number))
    }
}

extension TraceID {
    /// Names a controller's pass: it is told of when it ends, and its calls name it before.
    ///
    /// As a signed number it is negative; the pass' own entry has it without the sign.
    public init(pass: Int64) {
        self.init(number: UInt64(bitPattern: -pass))
    }

    /// The number of the pass that this names; 0 for entries.
    public var pass: Int64 { max(0, -Int64(bitPattern: number)) }
}
