// SPDX-License-Identifier: Apache-2.0

/// A line of a load balancer's access log, with the fields that the log service has for it.
///
/// A field without a value is `-`.
///
/// - Source: the fields are documented; that a missing value is a dash is assumed for all of them.
public struct AccessLogLine: TraceRecord {
    /// The table of the run file.
    public static let table = "access_log"
    /// The topic of all lines.
    public static let topicName = "alb_layer7_access_log"
    /// What stands for a value that is missing.
    public static let nothing = "-"

    /// The log service's project that it goes to.
    public var project: String = AccessLogLine.nothing
    /// The store in it.
    public var store: String = AccessLogLine.nothing
    /// `alb_layer7_access_log`.
    public var topic: String = AccessLogLine.topicName
    /// The load balancer's id.
    public var appLoadBalancerID: String = AccessLogLine.nothing
    /// When the request began.
    public var time: String = AccessLogLine.nothing
    /// Who asked.
    public var clientIP: String = AccessLogLine.nothing
    /// The name asked for, without a port.
    public var host: String = AccessLogLine.nothing
    /// The Host field as it came.
    public var httpHost: String = AccessLogLine.nothing
    /// The method.
    public var method: String = AccessLogLine.nothing
    /// Path and query.
    public var uri: String = AccessLogLine.nothing
    /// `http` or `https`.
    public var scheme: String = AccessLogLine.nothing
    /// `HTTP/1.1` and the like.
    public var serverProtocol: String = AccessLogLine.nothing
    /// The request's bytes, about.
    public var requestLength: Int = 0
    /// The Referer field.
    public var referer: String = AccessLogLine.nothing
    /// The User-Agent field.
    public var userAgent: String = AccessLogLine.nothing
    /// The X-Forwarded-For field as it came.
    public var forwardedFor: String = AccessLogLine.nothing
    /// The X-Real-IP field as it came.
    public var realIP: String = AccessLogLine.nothing
    /// What the client got.
    public var status: Int = 0
    /// The answer's body.
    public var bodyBytes: Int = 0
    /// From the head of the request to the end of the answer, in seconds.
    public var requestTime: String = AccessLogLine.nothing
    /// Until the request was whole, in milliseconds.
    public var readMilliseconds: Int = 0
    /// From the head of the answer to its end, in milliseconds.
    public var writeMilliseconds: Int = 0
    /// The servers tried, the last one answered.
    public var upstream: String = AccessLogLine.nothing
    /// What the server said.
    public var upstreamStatus: String = AccessLogLine.nothing
    /// How long the server took, in seconds.
    public var upstreamTime: String = AccessLogLine.nothing
    /// The listener's port.
    public var port: Int = 0
    /// The load balancer's address.
    public var address: String = AccessLogLine.nothing
    /// `TLSv1.3` and the like.
    public var tlsVersion: String = AccessLogLine.nothing
    /// The cipher, where it is known.
    public var cipher: String = AccessLogLine.nothing
    /// The client's round trip in microseconds, where it is known.
    public var roundTrip: String = AccessLogLine.nothing

    /// Makes a line without values.
    public init() {}

    /// Writes the columns.
    public func write<Writer: TraceWriter>(to writer: inout Writer) {
        writer.column("project", project)
        writer.column("store", store)
        writer.column("topic", topic)
        writer.column("app_lb_id", appLoadBalancerID)
        writer.column("time", time)
        writer.column("client_ip", clientIP)
        writer.column("host", host)
        writer.column("http_host", httpHost)
        writer.column("request_method", method)
        writer.column("request_uri", uri)
        writer.column("scheme", scheme)
        writer.column("server_protocol", serverProtocol)
        writer.column("request_length", requestLength)
        writer.column("http_referer", referer)
        writer.column("http_user_agent", userAgent)
        writer.column("http_x_forwarded_for", forwardedFor)
        writer.column("http_x_real_ip", realIP)
        writer.column("status", status)
        writer.column("body_bytes_sent", bodyBytes)
        writer.column("request_time", requestTime)
        writer.column("read_request_time", readMilliseconds)
        writer.column("write_response_time", writeMilliseconds)
        writer.column("upstream_addr", upstream)
        writer.column("upstream_status", upstreamStatus)
        writer.column("upstream_response_time", upstreamTime)
        writer.column("slb_vport", port)
        writer.column("vip_addr", address)
        writer.column("ssl_protocol", tlsVersion)
        writer.column("ssl_cipher", cipher)
        writer.column("tcpinfo_rtt", roundTrip)
    }
}
