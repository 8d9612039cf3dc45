// SPDX-License-Identifier: Apache-2.0

/// `websocket` and `grpc` of traffic: streams that clients open and hold.
enum StreamUseRecord {
    private static let message = Field(
        "message",
        .positiveDuration,
        "The time from one message to the next; the other side has to send each back."
    )
    private static let messages = Field(
        "messages",
        .integer(1...1_000_000),
        "How many messages there are; then the client ends its side. Any number without it."
    )
    private static let hold = Field(
        "hold",
        .positiveDuration,
        "How long a stream is held; until the traffic ends without it."
    )
    private static let answer = Field(
        "answer-within",
        .positiveDuration,
        "How long the answer to a message may take before the client gives the stream up; 10s without it."
    )
    private static let again = Field(
        "again",
        againReader,
        "How long after an end that it did not want a client opens another, or `never`; without it 1s, and `never` for traffic with a rate of its own."
    )

    private static let againReader = Reader<StreamSpec.Return>.scalar(
        ScalarShape("a duration", example: "5s, or never")
    ) { text throws(ValueProblem) in
        if text == "never" { return .never }
        let pause = try HumanDuration.parse(text)
        guard pause > .zero else {
            throw ValueProblem("the duration must be longer than 0s", "write 1s, or never")
        }
        return .after(pause)
    }

    static let websocket = record(.websocket)
    static let grpc = record(.grpc)

    private static func record(_ kind: StreamSpec.Kind) -> Record<StreamSpec> {
        Record<StreamSpec>(
            kind.rawValue,
            fields: [
                AnyField(message), AnyField(messages), AnyField(hold), AnyField(answer), AnyField(again),
            ],
            shorthand: Reader<Bool>.onlyTrue.map { _ in
                StreamSpec(kind: kind, answerWithin: .seconds(10))
            }
        ) { members in
            if members.has("messages"), !members.has("message"), kind == .websocket {
                members.misplaced("messages", "nothing says when messages are sent", "add `message: 1s`")
            }
            if members.has("message"), members[messages] == 1, kind == .grpc {
                members.misplaced("message", "a call with one message sends it at once", "leave it out")
            }
            let interval = members[message] ?? (members[messages].map { $0 > 1 } == true ? .seconds(1) : nil)
            return StreamSpec(
                kind: kind,
                message: interval,
                messages: members[messages],
                hold: members[hold],
                answerWithin: members[answer] ?? .seconds(10),
                again: members[again]
            )
        }
    }

    /// Reports what does not go with streams.
    static func check(
        _ members: Members,
        _ requests: [RequestLine],
        _ clientProtocol: TrafficSpec.ClientProtocol
    ) {
        let word = members.has("websocket") ? "websocket" : "grpc"
        if members.has("websocket"), members.has("grpc") {
            members.misplaced("grpc", "traffic takes either \"websocket\" or \"grpc\"", "keep one of the two")
        }
        if members.has("body") {
            members.misplaced("body", "messages take the place of a body", "leave it out")
        }
        let method = word == "grpc" ? "POST" : "GET"
        if requests.contains(where: { $0.method != method }) {
            members.mistake(
                "request",
                word == "grpc" ? "a call of gRPC is a POST request" : "a WebSocket begins with a GET request",
                "write \(method) https://…"
            )
        }
        let allowed: [TrafficSpec.ClientProtocol] = word == "grpc" ? [.auto, .h2, .h3] : [.auto, .h1]
        guard !allowed.contains(clientProtocol) else { return }
        members.mistake(
            "protocol",
            word == "grpc" ? "gRPC needs HTTP/2 or HTTP/3" : "a WebSocket needs HTTP/1.1",
            "leave it out"
        )
    }
}

/// `websocket` and `grpc` of pods: how their programs speak on streams.
enum PodStreamRecord {
    private static let push = Field("push", .positiveDuration, "It sends a message by itself so often.")
    private static let pushes = Field(
        "pushes",
        .integer(1...1_000_000),
        "How many of those there are; a call of gRPC ends after them."
    )
    private static let goodbye = Field(
        "goodbye",
        .boolean,
        "Whether it says that it goes when SIGTERM makes it drain: WebSockets end with code 1001, calls that would go on with UNAVAILABLE; true without it."
    )
    private static let status = Field(
        "status",
        .integer(0...16),
        "The status that calls end with; 0 (OK) without it."
    )

    static let websocket = record("a pod's websocket", [AnyField(push), AnyField(pushes), AnyField(goodbye)])
    static let grpc = record(
        "a pod's grpc",
        [AnyField(push), AnyField(pushes), AnyField(goodbye), AnyField(status)]
    )

    private static func record(_ name: String, _ fields: [AnyField]) -> Record<PodStreamSpec> {
        Record<PodStreamSpec>(
            name,
            fields: fields,
            shorthand: Reader<Bool>.boolean.map { isOn in
                var spec = PodStreamSpec()
                spec.isOn = isOn
                return spec
            }
        ) { members in
            if members.has("pushes"), !members.has("push") {
                members.misplaced("pushes", "nothing says when messages are sent", "add `push: 1s`")
            }
            var spec = PodStreamSpec()
            spec.push = members[push]
            spec.pushes = members[pushes]
            spec.saysGoodbye = members[goodbye]
            spec.status = members[status]
            return spec
        }
    }
}

extension Reader where Value == Bool {
    /// `true`.
    static var onlyTrue: Reader {
        boolean.tryMap { isOn throws(ValueProblem) in
            guard isOn else { throw ValueProblem("\"false\" says nothing here", "leave it out") }
            return true
        }
    }
}
