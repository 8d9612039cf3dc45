// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
public import JSON
public import Ports
import Synchronization

/// A caller of the cloud's OpenAPI: signs as the Go SDK does and sends over the host's network.
public final class CloudClient: Sendable {
    /// Who calls, and where to.
    public struct Configuration: Sendable {
        /// Where the cloud is.
        public var endpoint: Endpoint
        /// The region in every call.
        public var region: String
        /// The access key's id.
        public var accessKeyID: String
        /// The access key's secret.
        public var accessKeySecret: String
        /// How long a call may take: 20 s in the upstream controller.
        public var timeout: Duration
        /// Says who calls.
        public var userAgent: String

        /// Makes a configuration.
        public init(
            endpoint: Endpoint,
            region: String = "cn-hangzhou",
            accessKeyID: String = "testAK",
            accessKeySecret: String = "testSK",
            timeout: Duration = .seconds(20),
            userAgent: String = "albedo"
        ) {
            self.endpoint = endpoint
            self.region = region
            self.accessKeyID = accessKeyID
            self.accessKeySecret = accessKeySecret
            self.timeout = timeout
            self.userAgent = userAgent
        }
    }

    private let host: Host
    private let configuration: Configuration
    private let client: HTTPClient
    private let nonces: Mutex<RandomStream>

    /// Makes a client.
    public init(host: Host, configuration: Configuration) {
        self.host = host
        self.configuration = configuration
        client = HTTPClient(host: host)
        nonces = Mutex(host.random.stream("cloud client nonces"))
    }

    /// Calls an action and gives its answer.
    ///
    /// - Parameters:
    ///   - action: The action's name, for example `CreateRules`.
    ///   - product: The product that it belongs to.
    ///   - parameters: Business parameters, nested as the API documents them.
    /// - Returns: The answer's members.
    /// - Throws: `CloudError`; after `lost` the call may have had its effect.
    public func call(
        _ action: String,
        of product: CloudProduct = .alb,
        _ parameters: JSONObject = [:]
    ) async throws(CloudError) -> JSONValue {
        let request = signedRequest(action, product, Flattening.flatten(parameters))
        let reply: HTTPReply
        let body: [UInt8]
        do {
            reply = try await client.send(request, to: configuration.endpoint, timeout: configuration.timeout)
            body = try await reply.collect()
        } catch {
            throw .lost(error)
        }
        guard let answer = try? JSONValue(parsing: body) else {
            throw .malformed("status \(reply.status) with a body that is not JSON")
        }
        guard (200..<300).contains(reply.status) else {
            throw .refused(
                status: reply.status,
                code: answer["Code"]?.stringValue ?? "",
                message: answer["Message"]?.stringValue ?? "",
                requestID: answer["RequestId"]?.stringValue ?? ""
            )
        }
        return answer
    }

    private static let actionField = HTTPField.Name("x-acs-action")
    private static let versionField = HTTPField.Name("x-acs-version")

    private func signedRequest(
        _ action: String,
        _ product: CloudProduct,
        _ business: [(String, String)]
    ) -> HTTPRequest {
        let nonce = nonces.withLock { $0.letters(32, from: "0123456789abcdef") }
        var parameters = business.filter { !$0.1.isEmpty }
        parameters += [
            ("AccessKeyId", configuration.accessKeyID), ("Action", action), ("Format", "JSON"),
            ("RegionId", configuration.region), ("SignatureMethod", "HMAC-SHA1"), ("SignatureNonce", nonce),
            ("SignatureType", ""), ("SignatureVersion", "1.0"), ("Timestamp", host.clock.now.rfc3339),
            ("Version", product.version),
        ]
        let text = RPCSignature.stringToSign(method: "POST", parameters: parameters)
        parameters.append(("Signature", RPCSignature.sign(text, secret: configuration.accessKeySecret)))
        var query: [UInt8] = []
        query.reserveCapacity(1024)
        for (name, value) in parameters {
            if !query.isEmpty { query.append(UInt8(ascii: "&")) }
            PercentEncoding.append(name, to: &query)
            query.append(UInt8(ascii: "="))
            PercentEncoding.append(value, to: &query)
        }
        var request = HTTPRequest(
            method: .post,
            scheme: "http",
            authority: "\(configuration.endpoint.host):\(configuration.endpoint.port)",
            path: "/?\(String(decoding: query, as: UTF8.self))"
        )
        request.headerFields[.contentType] = "application/x-www-form-urlencoded"
        request.headerFields[.userAgent] = configuration.userAgent
        Origin.mark(&request.headerFields)
        if let name = Self.actionField { request.headerFields[name] = action }
        if let name = Self.versionField { request.headerFields[name] = product.version }
        return request
    }
}
