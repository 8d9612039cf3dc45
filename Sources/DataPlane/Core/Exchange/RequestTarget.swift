// SPDX-License-Identifier: Apache-2.0
import HTTPTypes

/// The forms that a request's target may have.
enum RequestTarget {
    /// Takes the authority out of a target in absolute form, where it counts more than the Host field.
    ///
    /// - Source: RFC 9112, 3.2.2: documented.
    static func normalise(_ request: inout HTTPRequest, _ target: String) {
        let lowered = target.prefix(8).lowercased()
        guard let scheme = ["http://", "https://"].first(where: { lowered.hasPrefix($0) }) else { return }
        let rest = target.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.isEmpty, !authority.contains("@") else { return }
        let path = rest.dropFirst(authority.count).prefix { $0 != "#" }
        request.authority = String(authority)
        request.path = path.hasPrefix("/") ? String(path) : "/" + path
    }
}
