// SPDX-License-Identifier: Apache-2.0
import CloudAPI
import HTTPTypes

/// What a rule tells browsers of other origins.
///
/// - Source: documented: the load balancer answers preflight requests itself and marks other answers. The
///   status of a preflight answer, and that an origin that is not allowed gets no fields, are assumed.
struct CORSPolicy: Sendable {
    private let origins: [String]
    private let isAnyOrigin: Bool
    private let allowsCredentials: Bool
    private let exposed: String
    private let preflightFields: [HTTPField]

    init(_ configuration: CORSConfiguration) {
        origins = configuration.allowOrigin.map(\.asciiLowercased)
        isAnyOrigin = origins.contains("*")
        allowsCredentials = configuration.allowCredentials
        exposed = configuration.exposeHeaders.joined(separator: ",")
        var fields = [
            HTTPField(
                name: .accessControlAllowMethods,
                value: configuration.allowMethods.joined(separator: ",")
            ),
            HTTPField(
                name: .accessControlAllowHeaders,
                value: configuration.allowHeaders.joined(separator: ",")
            ),
        ]
        if configuration.maxAge >= 0 {
            fields.append(HTTPField(name: .accessControlMaxAge, value: String(configuration.maxAge)))
        }
        preflightFields = fields.filter { !$0.value.isEmpty }
    }

    /// True for the request by which a browser asks beforehand.
    static func isPreflight(_ request: HTTPRequest) -> Bool {
        request.method == .options && request.headerFields.contains(.origin)
            && request.headerFields.contains(.accessControlRequestMethod)
    }

    /// The answer to a preflight request.
    func preflightAnswer(to request: HTTPRequest) -> HTTPResponse {
        var response = HTTPResponse(status: .noContent)
        if mark(&response.headerFields, origin: request.headerFields[.origin]) {
            for field in preflightFields { response.headerFields.append(field) }
        }
        return response
    }

    /// Adds the fields of an ordinary answer; false when the origin is not allowed.
    @discardableResult
    func mark(_ fields: inout HTTPFields, origin: String?) -> Bool {
        guard let origin, isAnyOrigin || origins.contains(origin.asciiLowercased) else { return false }
        // With credentials a browser does not accept the star.
        let allowed = isAnyOrigin && !allowsCredentials ? "*" : origin
        fields.put(HTTPField(name: .accessControlAllowOrigin, value: allowed))
        if allowed != "*" { fields.append(HTTPField(name: .vary, value: "Origin")) }
        if allowsCredentials { fields.put(HTTPField(name: .accessControlAllowCredentials, value: "true")) }
        if !exposed.isEmpty { fields.put(HTTPField(name: .accessControlExposeHeaders, value: exposed)) }
        return true
    }
}
