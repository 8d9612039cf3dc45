// SPDX-License-Identifier: Apache-2.0

extension BrokenScenario {
    /// Mistakes about streams and about clients that move.
    static let streams: [BrokenScenario] = [
        BrokenScenario(
            "traffic of two languages",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "POST https://cafe.example.com/tea", websocket: true, grpc: true}}
            expect:
              - always: {traffic: a, status: 200}
            """,
            """
            s.yaml:3:24: error: a WebSocket begins with a GET request
            traffic: {a: {request: "POST https://cafe.example.com/tea", websocket: true, grpc: true}}
                                   ^
            help: write GET https://…

            s.yaml:3:78: error: traffic takes either "websocket" or "grpc"
            traffic: {a: {request: "POST https://cafe.example.com/tea", websocket: true, grpc: true}}
                                                                                         ^
            help: keep one of the two
            """
        ),
        BrokenScenario(
            "a WebSocket that begins with POST",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "POST https://cafe.example.com/tea", websocket: true}}
            expect:
              - always: {traffic: a, status: 200}
            """,
            """
            s.yaml:3:24: error: a WebSocket begins with a GET request
            traffic: {a: {request: "POST https://cafe.example.com/tea", websocket: true}}
                                   ^
            help: write GET https://…
            """
        ),
        BrokenScenario(
            "a call of gRPC that is a GET",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea", grpc: true}}
            expect:
              - always: {traffic: a, status: 200}
            """,
            """
            s.yaml:3:24: error: a call of gRPC is a POST request
            traffic: {a: {request: "GET https://cafe.example.com/tea", grpc: true}}
                                   ^
            help: write POST https://…
            """
        ),
        BrokenScenario(
            "a WebSocket over HTTP/2",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea", websocket: true, protocol: h2}}
            expect:
              - always: {traffic: a, status: 200}
            """,
            """
            s.yaml:3:87: error: a WebSocket needs HTTP/1.1
            traffic: {a: {request: "GET https://cafe.example.com/tea", websocket: true, protocol: h2}}
                                                                                                  ^
            help: leave it out
            """
        ),
        BrokenScenario(
            "gRPC over HTTP/1.1",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "POST https://cafe.example.com/tea", grpc: true, protocol: h1}}
            expect:
              - always: {traffic: a, status: 200}
            """,
            """
            s.yaml:3:83: error: gRPC needs HTTP/2 or HTTP/3
            traffic: {a: {request: "POST https://cafe.example.com/tea", grpc: true, protocol: h1}}
                                                                                              ^
            help: leave it out
            """
        ),
        BrokenScenario(
            "messages without a time between them",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea", websocket: {messages: 3}}}
            expect:
              - always: {traffic: a, status: 200}
            """,
            """
            s.yaml:3:72: error: nothing says when messages are sent
            traffic: {a: {request: "GET https://cafe.example.com/tea", websocket: {messages: 3}}}
                                                                                   ^
            help: add `message: 1s`
            """
        ),
        BrokenScenario(
            "no WebSocket at all",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea", websocket: false}}
            expect:
              - always: {traffic: a, status: 200}
            """,
            """
            s.yaml:3:71: error: "false" says nothing here
            traffic: {a: {request: "GET https://cafe.example.com/tea", websocket: false}}
                                                                                  ^
            help: leave it out
            """
        ),
        BrokenScenario(
            "a body beside messages",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea", websocket: true, body: hello}}
            expect:
              - always: {traffic: a, status: 200}
            """,
            """
            s.yaml:3:77: error: messages take the place of a body
            traffic: {a: {request: "GET https://cafe.example.com/tea", websocket: true, body: hello}}
                                                                                        ^
            help: leave it out
            """
        ),
        BrokenScenario(
            "a misspelled member of a WebSocket",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea", websocket: {mesage: 3s}}}
            expect:
              - always: {traffic: a, status: 200}
            """,
            """
            s.yaml:3:72: error: unknown key "mesage" in websocket
            traffic: {a: {request: "GET https://cafe.example.com/tea", websocket: {mesage: 3s}}}
                                                                                   ^
            help: did you mean "message"?
            """
        ),
        BrokenScenario(
            "a client that never comes back, misspelled",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea", websocket: {again: nevr}}}
            expect:
              - always: {traffic: a, status: 200}
            """,
            """
            s.yaml:3:79: error: "nevr" is no duration
            traffic: {a: {request: "GET https://cafe.example.com/tea", websocket: {again: nevr}}}
                                                                                          ^
            help: write a number and a unit, such as 10s or 1m30s
            """
        ),
        BrokenScenario(
            "a client that moves without a second address",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea", protocol: h3, moves: 5s}}
            expect:
              - always: {traffic: a, status: 200}
            """,
            """
            s.yaml:3:74: error: nobody can move who has one address
            traffic: {a: {request: "GET https://cafe.example.com/tea", protocol: h3, moves: 5s}}
                                                                                     ^
            help: add `addresses: [198.51.100.7, 203.0.113.7]`
            """
        ),
        BrokenScenario(
            "a client that moves over HTTP/2",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea", protocol: h2, addresses: [198.51.100.7, 198.51.100.8], moves: 5s}}
            expect:
              - always: {traffic: a, status: 200}
            """,
            """
            s.yaml:3:70: error: only HTTP/3 connections outlive a move
            traffic: {a: {request: "GET https://cafe.example.com/tea", protocol: h2, addresses: [198.51.100.7, 198.51.100.8], moves: 5s}}
                                                                                 ^
            help: write h3 or browser
            """
        ),
        BrokenScenario(
            "an address that is a name",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea", addresses: home}}
            expect:
              - always: {traffic: a, status: 200}
            """,
            """
            s.yaml:3:71: error: "home" is no IP address
            traffic: {a: {request: "GET https://cafe.example.com/tea", addresses: home}}
                                                                                  ^
            help: write it as 198.51.100.7
            """
        ),
        BrokenScenario(
            "a stream about which nothing is said",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea", websocket: true}}
            expect:
              - always: {stream: {traffic: a}}
            """,
            """
            s.yaml:5:5: error: this says nothing about the streams
              - always: {stream: {traffic: a}}
                ^
            help: add `outcome: finished`, `code: …` or `longer-than: …`
            """
        ),
        BrokenScenario(
            "a stream's end that there is not",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea", websocket: true}}
            expect:
              - never: {stream: {outcome: finnished}}
            """,
            """
            s.yaml:5:31: error: unknown outcome "finnished"
              - never: {stream: {outcome: finnished}}
                                          ^
            help: did you mean "finished"?
            """
        ),
        BrokenScenario(
            "a stream's code that is a word",
            """
            scenario: x
            cluster: {manifests: shop}
            traffic: {a: {request: "GET https://cafe.example.com/tea", websocket: true}}
            expect:
              - always: {stream: {code: normal}}
            """,
            """
            s.yaml:5:29: error: expected a whole number, found "normal"
              - always: {stream: {code: normal}}
                                        ^
            help: write a whole number
            """
        ),
        BrokenScenario(
            "a status of gRPC that there is not",
            """
            scenario: x
            cluster:
              manifests: shop
              pods: [{image: "tea:*", grpc: {status: 17}}]
            traffic: {a: {request: "GET https://cafe.example.com/tea", websocket: true}}
            expect:
              - always: {traffic: a, status: 101}
            """,
            """
            s.yaml:4:42: error: expected a whole number between 0 and 16, found 17
              pods: [{image: "tea:*", grpc: {status: 17}}]
                                                     ^
            help: write a number that is between 0 and 16
            """
        ),
        BrokenScenario(
            "pushes without a time between them",
            """
            scenario: x
            cluster:
              manifests: shop
              pods: [{image: "tea:*", websocket: {pushes: 3}}]
            traffic: {a: {request: "GET https://cafe.example.com/tea", websocket: true}}
            expect:
              - always: {traffic: a, status: 101}
            """,
            """
            s.yaml:4:39: error: nothing says when messages are sent
              pods: [{image: "tea:*", websocket: {pushes: 3}}]
                                                  ^
            help: add `push: 1s`
            """
        ),
    ]
}
