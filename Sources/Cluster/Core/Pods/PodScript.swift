// SPDX-License-Identifier: Apache-2.0
import JSON
public import Ports

/// How the process in a container behaves: what it answers, when it starts to, and how it ends.
///
/// In JSON, every member may be left out:
///
/// ```json
/// {
///   "startup": "800ms", "latency": ["2ms", "20ms"], "status": 200, "body": "hello",
///   "paths": {"/tea": {"status": 404}, "/api/*": {"latency": "1s", "body": "api"}},
///   "errors": 0.01, "errorStatus": 500, "capacity": 200, "ports": [8080],
///   "echo": ["X-Forwarded-For"], "program": "127.0.0.1:9000",
///   "onTerm": "drain", "drain": "10s", "crashAfter": "30s", "exitCode": 1,
///   "readyAfter": "2s", "ready": true, "live": true, "hang": false, "pull": true,
///   "log": ["ready to serve"], "accessLog": true,
///   "websocket": true, "grpc": {"push": "1s", "pushes": 10, "goodbye": true, "status": 0}
/// }
/// ```
///
/// A duration is a text such as `250ms`, `1.5s` or `2m`; a pair of them is a range to draw from.
public struct PodScript: Sendable, Hashable {
    /// What SIGTERM does to the process.
    public enum TermBehaviour: String, Sendable, Hashable {
        /// It ends at once: open requests are cut.
        case exit
        /// It takes no more connections, finishes what is open, and ends.
        case drain
        /// It serves on until it is killed.
        case ignore
    }

    /// An answer to requests.
    public struct Answer: Sendable, Hashable {
        /// The status code.
        public var status = 200
        /// The body; nil says the pod's name.
        public var body: String?
        /// How long the answer takes.
        public var latency: ClosedRange<Duration> = .milliseconds(5) ... .milliseconds(5)
    }

    /// An answer for paths: a path, or the beginning of one with `*` at the end.
    public struct PathAnswer: Sendable, Hashable {
        /// The path or beginning, as it was written.
        public var path: String
        /// What is answered there.
        public var answer: Answer
    }

    /// How long the process takes from its start until it listens.
    public var startup: ClosedRange<Duration> = .milliseconds(500) ... .milliseconds(500)
    /// What it answers where no path says otherwise.
    public var answer = Answer()
    /// Other answers for some paths; the longest that matches counts.
    public var paths: [PathAnswer] = []
    /// The share of requests answered with `errorStatus`, 0 to 1.
    public var errors = 0.0
    /// The status of those.
    public var errorStatus = 500
    /// Where a real program of this machine answers in the process' place; nil when the script does.
    public var program: SocketAddress?
    /// Header fields of requests that answers tell again, as `echo-` and the name.
    public var echo: [String] = []
    /// How many requests a second it can answer; nil for any number.
    public var capacity: Int?
    /// Ports that it listens on beside those that the container declares.
    public var ports: [Int] = []
    /// What SIGTERM does.
    public var onTerm = TermBehaviour.exit
    /// How long it may take to finish what is open; nil until it is killed.
    public var drain: Duration?
    /// It crashes so long after its start; nil never.
    public var crashAfter: Duration?
    /// The exit code of such a crash.
    public var exitCode = 1
    /// Without a readiness probe: ready so long after it listens; nil as soon as it runs, as it really is.
    public var readyAfter: Duration?
    /// What readiness probes find while it listens; without a probe it counts only beside `readyAfter`.
    public var isReady = true
    /// What liveness and startup probes find while it listens.
    public var isLive = true
    /// What it prints when it starts, line by line.
    public var prints: [String] = []
    /// It prints a line for each request.
    public var printsRequests = false
    /// How it speaks on WebSockets; nil when it answers requests for them as any other.
    public var websocket: Streaming?
    /// How it answers calls of gRPC; nil when it answers them as any other request.
    public var grpc: Streaming?
    /// It takes connections and answers nothing.
    public var hangs = false
    /// Its image can be pulled.
    public var pulls = true

    /// The default script: up after half a second, answers 200 after 5 ms.
    public init() {}

    /// The answer for a path, without query.
    func answer(for path: some StringProtocol) -> Answer {
        place(of: path).map { paths[$0].answer } ?? answer
    }

    /// The place in `paths` of the answer for a path; nil for the general one.
    func place(of path: some StringProtocol) -> Int? {
        var best: (length: Int, place: Int)?
        for (place, candidate) in paths.enumerated() {
            let pattern = candidate.path
            let isMatching = pattern.hasSuffix("*") ? path.hasPrefix(pattern.dropLast()) : path == pattern
            let length = pattern.utf8.count
            if isMatching, length > best?.length ?? -1 { best = (length, place) }
        }
        return best?.place
    }
}
