// SPDX-License-Identifier: Apache-2.0
import DataPlane
import HTTPTypes
public import JSON
import Ports
import Scenarios

/// A question that `albedo explain` answers: what becomes of this request at that instant.
public struct RequestQuestion: Sendable {
    private let line: RequestLine
    private let request: ExplainedRequest
    /// The instant from the scenario's zero; nil for the end of the run.
    private let at: Duration?

    /// Reads a question from a command line.
    ///
    /// - Parameters:
    ///   - method: The method.
    ///   - url: The URL.
    ///   - headers: Header fields as `name: value`.
    ///   - source: The client's address.
    ///   - at: The instant from the scenario's zero; nil for the end of the run.
    /// - Throws: `CommandValue.Problem` or `ReportError` when one of them cannot be read.
    public init(method: String, url: String, headers: [String], source: String, at: String?) throws {
        line = try CommandValue.request(method: method, url: url)
        self.at = try at.map { try CommandValue.instant($0) }
        guard let method = HTTPRequest.Method(line.method) else {
            throw ReportError("\"\(method)\" is no method")
        }
        var fields = HTTPFields()
        for header in headers {
            guard let colon = header.firstIndex(of: ":"),
                let name = HTTPField.Name(String(header[..<colon]).trimmingBlanks)
            else { throw ReportError("\"\(header)\" is no header field: write name: value") }
            fields.append(
                HTTPField(name: name, value: String(header[header.index(after: colon)...]).trimmingBlanks)
            )
        }
        let usual = line.isSecure ? 443 : 80
        let head = HTTPRequest(
            method: method,
            scheme: line.isSecure ? "https" : "http",
            authority: line.port == usual ? line.host : "\(line.host):\(line.port)",
            path: line.path,
            headerFields: fields
        )
        request = ExplainedRequest(head: head, source: source)
    }

    /// The answer of a run.
    ///
    /// - Parameters:
    ///   - run: The run.
    ///   - zone: The only zone that is asked; nil for all.
    /// - Returns: What each zone would have done.
    /// - Throws: `ReportError` or `StorageError` when the run holds too little.
    public func answer(_ run: SavedRun, zone: String?) throws -> RequestAnswer {
        let instant = at.map { run.zero.advanced(by: $0) } ?? run.end
        guard instant >= run.begin, instant <= run.end else {
            let (first, last) = (run.zero.duration(to: run.begin), run.zero.duration(to: run.end))
            throw ReportError("the run goes from \(first.relativeText) to \(last.relativeText)")
        }
        let answers = try RunExplainer(run).explain(request, port: line.port, at: instant.nanoseconds)
        let chosen = answers.filter { zone == nil || $0.zone == zone }
        if let zone, chosen.isEmpty, !answers.isEmpty {
            let zones = answers.map(\.zone).joined(separator: ", ")
            throw ReportError("no load balancer served in zone \(zone) then; zones were: \(zones)")
        }
        return RequestAnswer(line: line, at: run.zero.duration(to: instant), answers: chosen)
    }
}

/// What a run answers to a question.
public struct RequestAnswer: Sendable {
    let line: RequestLine
    let at: Duration
    let answers: [RunExplainer.Answer]

    /// The answer in text.
    public var text: String {
        var parts = ["\(line) at \(at.relativeText)"]
        if answers.isEmpty {
            parts.append("no load balancer served anything at that instant: the name does not resolve")
        }
        for answer in answers {
            let path = answer.path.description.split(separator: "\n").map { "  \($0)" }.joined(
                separator: "\n"
            )
            parts.append(
                "\(answer.loadBalancer) in \(answer.zone), version \(answer.version) since "
                    + "\(answer.since.relativeText)\n\(path)"
                    + (answer.causes.isEmpty ? "" : "\n  what led to version \(answer.version):")
                    + answer.causes.map { "\n    \($0.line)" }.joined()
            )
        }
        let outcomes = Set(answers.map { $0.path.outcome.words })
        if outcomes.count > 1 { parts.append("the zones do not agree: one of them serves another version") }
        return parts.joined(separator: "\n\n")
    }

    /// The answer for programs.
    public var json: JSONValue {
        [
            "request": .string(line.description), "at": .string(at.relativeText),
            "zones": .array(
                answers.map { answer in
                    [
                        "loadBalancer": .string(answer.loadBalancer), "zone": .string(answer.zone),
                        "version": .integer(answer.version), "since": .string(answer.since.relativeText),
                        "path": answer.path.json,
                    ]
                }
            ),
        ]
    }
}

extension String {
    fileprivate var trimmingBlanks: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
