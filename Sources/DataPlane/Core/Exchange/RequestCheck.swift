// SPDX-License-Identifier: Apache-2.0
import HTTPTypes

/// What a request must be before any rule sees it.
///
/// - Source: documented; that CONNECT is refused like TRACE is assumed.
enum RequestCheck {
    /// Why a request is answered at once; nil when it may go on.
    ///
    /// An old one, of HTTP/1.0, need not name its host.
    static func objection(
        to request: HTTPRequest,
        method: String,
        isOld: Bool = false,
        scan: FieldScan,
        mark: String,
        settings: DataPlaneSettings
    ) -> OwnAnswer? {
        guard let target = request.path, !target.isEmpty else { return .malformed }
        if target.utf8.count > settings.maximumTargetBytes { return .targetTooLong }
        if scan.bytes > settings.maximumHeaderBytes { return .headersTooLarge }
        if method == "TRACE" || method == "CONNECT" { return .methodNotAllowed }
        if target.utf8.first != UInt8(ascii: "/"), !(method == "OPTIONS" && target == "*") {
            return .malformed
        }
        if request.authority?.isEmpty ?? !isOld { return .malformed }
        if scan.trace >= 0 {
            let chain = request.headerFields[scan.trace].value
            if HopChain(chain).isLoop(mark: mark, maximumHops: settings.maximumHops) { return .loop }
        }
        return nil
    }
}

/// The marks of the load balancers that a request has passed, 16 characters each, one after the other.
///
/// - Source: documented: the own mark twice, or more marks than allowed, is a loop. How a mark is made is
///   assumed.
struct HopChain: Sendable {
    private static let markLength = 16
    private let marks: [Substring]

    init(_ text: String) {
        var marks: [Substring] = []
        var rest = text[...]
        while !rest.isEmpty {
            marks.append(rest.prefix(HopChain.markLength))
            rest = rest.dropFirst(HopChain.markLength)
        }
        self.marks = marks
    }

    func isLoop(mark: String, maximumHops: Int) -> Bool {
        marks.count > maximumHops || marks.count { $0 == mark } >= 2
    }

    /// A load balancer's mark: the same in all its zones.
    static func mark(of loadBalancer: String) -> String {
        let digits = String(HashRing.hash(loadBalancer), radix: 16)
        return String(repeating: "0", count: max(0, markLength - digits.count)) + digits
    }
}
