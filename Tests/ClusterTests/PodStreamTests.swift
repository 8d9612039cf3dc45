// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Ports
import Streams
import Testing

@testable import Cluster

/// Streams of pods' processes as plain values.
@Suite struct PodStreamTests {
    private func bodies(_ actions: [PodStream.Action]) -> [[UInt8]] {
        actions.map { action in
            switch action {
            case .reply(let frame), .finish(let frame): frame.body
            }
        }
    }

    private func status(_ action: PodStream.Action?) -> String? {
        guard case .finish(let frame)? = action else { return nil }
        return frame.trailers?.first { $0.name.canonicalName == "grpc-status" }?.value
    }

    @Test func `a WebSocket sends messages back, answers pings and closes with the client's code`() {
        var stream = PodStream(.websocket(WebSocketReader()), PodScript.Streaming())
        let hello = WebSocketFrame(.text, Array("hello".utf8))
        #expect(bodies(stream.take(hello.bytes(mask: 7), isLast: false)) == [hello.bytes()])
        let ping = WebSocketFrame(.ping, [1]).bytes(mask: 7)
        #expect(bodies(stream.take(ping, isLast: false)) == [WebSocketFrame(.pong, [1]).bytes()])
        let end = stream.take(WebSocketFrame.close(1000).bytes(mask: 7), isLast: false)
        #expect(bodies(end) == [WebSocketFrame.close(1000).bytes()])
        #expect(stream.isOver && stream.take(ping, isLast: false).isEmpty)
    }

    @Test func `bytes that are no frame end a WebSocket with 1002`() {
        var stream = PodStream(.websocket(WebSocketReader()), PodScript.Streaming())
        #expect(bodies(stream.take([0x83, 0], isLast: false)) == [WebSocketFrame.close(1002).bytes()])
    }

    @Test func `a call is answered message by message and ends with its status`() {
        var script = PodScript.Streaming()
        script.status = 5
        var stream = PodStream(.grpc(GRPCReader()), script)
        let message = GRPCMessage.bytes([1, 2])
        #expect(bodies(stream.take(message + message, isLast: false)) == [message, message])
        let end = stream.take(message, isLast: true)
        #expect(end.count == 2 && status(end.last) == "5")
        #expect(stream.goodbye() == nil)
    }

    @Test func `a feed pushes as often as it is told and ends then`() {
        var script = PodScript.Streaming()
        script.push = .seconds(1)
        script.pushes = 2
        var stream = PodStream(.grpc(GRPCReader()), script)
        #expect(stream.take(GRPCMessage.bytes([1]), isLast: true).count == 1)
        #expect(stream.push().count == 1)
        let last = stream.push()
        #expect(last.count == 2 && status(last.last) == "0")
        #expect(stream.push().isEmpty)
    }

    @Test func `who goes says so, unless its script is silent or the call ends by itself`() {
        var socket = PodStream(.websocket(WebSocketReader()), PodScript.Streaming())
        #expect(socket.goodbye()?.body == WebSocketFrame.close(1001).bytes())
        #expect(socket.goodbye() == nil)
        var talk = PodStream(.grpc(GRPCReader()), PodScript.Streaming())
        #expect(status(talk.goodbye().map { .finish($0) }) == "14")
        var silent = PodScript.Streaming()
        silent.goodbye = false
        var quiet = PodStream(.websocket(WebSocketReader()), silent)
        #expect(quiet.goodbye() == nil)
    }

    @Test func `the health of a program is SERVING while it is ready`() {
        var script = PodScript()
        var well = PodStream(healthOf: script)
        #expect(bodies(well.take(GRPCMessage.bytes([]), isLast: true)).first == GRPCMessage.bytes([8, 1]))
        script.isReady = false
        var ill = PodStream(healthOf: script)
        #expect(bodies(ill.take(GRPCMessage.bytes([]), isLast: true)).first == GRPCMessage.bytes([8, 2]))
    }
}
