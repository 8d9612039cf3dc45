// SPDX-License-Identifier: Apache-2.0
import DataPlane
import HTTPTypes
import JSON
import Ports

/// Why a question cannot be answered.
struct ExplainMistake: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// A question to the control address, which way a request would take.
///
/// ```json
/// {"method": "GET", "url": "https://cafe.example.com/tea", "headers": {"x-version": "2"}, "source": "192.0.2.7",
///  "loadBalancer": "alb-…", "zone": "cn-hangzhou-h"}
/// ```
///
/// Only the URL is needed: the load balancer may be left out when one alone listens on the port.
struct ExplainRequest: Sendable {
    let request: ExplainedRequest
    let port: Int
    let loadBalancer: String?
    let zone: String?

    /// - Throws: `ExplainMistake` saying what was expected and what was found.
    init(_ json: JSONValue) throws(ExplainMistake) {
        guard let members = json.objectValue else {
            throw ExplainMistake("expected an object with a url, found \(json.text)")
        }
        let known = ["headers", "loadBalancer", "method", "port", "serverName", "source", "url", "zone"]
        for member in members where !known.contains(member.key) {
            throw ExplainMistake("unknown member \(member.key); known are \(known.joined(separator: ", "))")
        }
        func text(_ name: String) throws(ExplainMistake) -> String? {
            guard let value = json[name] else { return nil }
            guard let text = value.stringValue else {
                throw ExplainMistake("\(name): expected a text, found \(value.text)")
            }
            return text
        }
        guard let url = try text("url") else { throw ExplainMistake("expected a url") }
        guard let mark = url.firstRange(of: "://"), ["http", "https"].contains(url[..<mark.lowerBound]) else {
            throw ExplainMistake("url: expected http://… or https://…, found \(url)")
        }
        let scheme = String(url[..<mark.lowerBound])
        let rest = url[mark.upperBound...].prefix { $0 != "#" }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let target = rest.dropFirst(authority.count)
        guard !authority.isEmpty else { throw ExplainMistake("url: expected a host, found \(url)") }
        let verb = try text("method") ?? "GET"
        guard let method = HTTPRequest.Method(verb) else {
            throw ExplainMistake("method: expected a method such as GET, found \(verb)")
        }
        var head = HTTPRequest(
            method: method,
            scheme: scheme,
            authority: String(authority),
            path: target.hasPrefix("/") ? String(target) : "/" + target
        )
        try Self.read(json["headers"], into: &head)
        if let source = json["port"] {
            guard let number = source.intValue, (1...65_535).contains(number) else {
                throw ExplainMistake("port: expected 1 to 65535, found \(source.text)")
            }
            port = Int(number)
        } else {
            port = Self.port(authority) ?? (scheme == "https" ? 443 : 80)
        }
        request = ExplainedRequest(
            head: head,
            source: try text("source") ?? "192.0.2.1",
            serverName: try text("serverName")
        )
        loadBalancer = try text("loadBalancer")
        zone = try text("zone")
    }

    private static func read(_ headers: JSONValue?, into head: inout HTTPRequest) throws(ExplainMistake) {
        guard let headers else { return }
        guard let members = headers.objectValue else {
            throw ExplainMistake("headers: expected an object, found \(headers.text)")
        }
        for member in members {
            guard let name = HTTPField.Name(member.key), let value = member.value.stringValue else {
                throw ExplainMistake("headers: expected names with texts, found \(member.key)")
            }
            if name.canonicalName == "host" {
                head.authority = value
            } else {
                head.headerFields.append(HTTPField(name: name, value: value))
            }
        }
    }

    private static func port(_ authority: Substring) -> Int? {
        guard let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") else { return nil }
        return Int(authority[authority.index(after: colon)...])
    }
}

extension EnvironmentLife {
    /// The way that a request would take now.
    ///
    /// - Throws: `ExplainMistake` when it is not clear which load balancer is meant.
    func explain(_ asked: ExplainRequest) throws(ExplainMistake) -> JSONValue {
        let served = dataPlane.status()
        let candidates = served.filter { status in
            if let loadBalancer = asked.loadBalancer { return status.loadBalancer == loadBalancer }
            return status.listeners.contains { $0.port == asked.port }
        }
        let names = Set(candidates.map(\.loadBalancer)).sorted()
        guard names.count <= 1 else {
            throw ExplainMistake(
                "several load balancers listen on port \(asked.port): name one of \(names.joined(separator: ", "))"
            )
        }
        guard let place = candidates.first(where: { asked.zone == nil || $0.zone == asked.zone }) else {
            let wanted = asked.loadBalancer ?? "any load balancer on port \(asked.port)"
            throw ExplainMistake("nobody serves \(wanted)" + (asked.zone.map { " in zone \($0)" } ?? ""))
        }
        let path = dataPlane.explain(
            loadBalancer: place.loadBalancer,
            zone: place.zone,
            port: asked.port,
            request: asked.request
        )
        return ["loadBalancer": .string(place.loadBalancer), "zone": .string(place.zone), "path": path.json]
    }
}
