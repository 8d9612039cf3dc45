// SPDX-License-Identifier: Apache-2.0
import HTTPTypes

/// What was made of a client's last header fields: most clients send the same ones with each request of a
/// connection, and comparing them is far cheaper than making it all again.
struct FieldMemory {
    private var fields: HTTPFields = [:]
    private var scan = FieldScan()
    private var forwarded: (by: ForwardedFields, fields: HTTPFields)?

    /// What a proxy must know of the fields of the next request.
    mutating func scan(_ next: HTTPFields) -> FieldScan {
        if next == fields { return scan }
        fields = next
        scan = FieldScan(next)
        forwarded = nil
        return scan
    }

    /// What a server gets of the fields that were scanned last.
    mutating func forwarded(
        by listener: ForwardedFields,
        client: ClientFacts,
        authority: String
    ) -> HTTPFields {
        if let forwarded, forwarded.by === listener { return forwarded.fields }
        var made = fields
        listener.apply(to: &made, scan: scan, client: client, authority: authority)
        if listener.isSameForClient { forwarded = (listener, made) }
        return made
    }
}
