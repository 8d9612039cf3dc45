# SPDX-License-Identifier: Apache-2.0
"""WebSocket and gRPC, with their libraries at both ends."""

import asyncio
import threading
from concurrent import futures

import grpc
import pytest
import websockets
from environment import forward


class SocketServer:
    """Echoes messages, on a loop of its own."""

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.port = None
        ready = threading.Event()
        threading.Thread(target=self.run, args=(ready,), daemon=True).start()
        ready.wait(10)

    def run(self, ready):
        asyncio.set_event_loop(self.loop)

        async def echo(connection):
            async for message in connection:
                await connection.send(message)

        async def serve():
            server = await websockets.serve(echo, "127.0.0.1", 0)
            self.port = server.sockets[0].getsockname()[1]
            ready.set()
            await asyncio.Future()

        self.loop.run_until_complete(serve())


@pytest.fixture(scope="module")
def socket_balancer(environment, certificates):
    made = environment.load_balancer()
    group = environment.server_group([SocketServer().port])
    made.listener("HTTP", 80, group)
    made.listener(
        "HTTPS", 443, group, Certificates=[{"CertificateId": certificates["default.example.org"]}]
    )
    made.settle()
    return made


@pytest.mark.parametrize("port, scheme", [(80, "ws"), (443, "wss")])
def test_websocket_messages_go_both_ways(socket_balancer, port, scheme):
    import ssl

    context = None
    if scheme == "wss":
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE

    async def talk():
        url = socket_balancer.url(port, scheme) + "/chat"
        async with websockets.connect(url, ssl=context, compression=None) as connection:
            for message in ("hello", "x" * 100_000, "bye"):
                await connection.send(message)
                assert await connection.recv() == message
            await connection.send(b"\x00\x01")
            assert await connection.recv() == b"\x00\x01"

    asyncio.run(asyncio.wait_for(talk(), 20))


class Echo(grpc.GenericRpcHandler):
    def service(self, details):
        if details.method == "/echo.Echo/Unary":
            return grpc.unary_unary_rpc_method_handler(self.unary)
        if details.method == "/echo.Echo/Stream":
            return grpc.stream_stream_rpc_method_handler(self.stream)
        if details.method == "/echo.Echo/Fail":
            return grpc.unary_unary_rpc_method_handler(self.fail)
        return None

    def unary(self, request, context):
        context.set_trailing_metadata((("x-end", "yes"),))
        return request

    def stream(self, requests, context):
        yield from requests

    def fail(self, request, context):
        context.abort(grpc.StatusCode.NOT_FOUND, "no such cup")


@pytest.fixture(scope="module")
def channel(environment, authority, certificates):
    server = grpc.server(futures.ThreadPoolExecutor(4))
    server.add_generic_rpc_handlers((Echo(),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    made = environment.load_balancer()
    group = environment.server_group([port], protocol="gRPC")
    made.listener(
        "HTTPS", 443, group, Certificates=[{"CertificateId": certificates["cafe.example.com"]}]
    )
    host, bound = made.address(443)
    credentials = grpc.ssl_channel_credentials(authority.root.read_bytes())
    options = (("grpc.ssl_target_name_override", "cafe.example.com"),)
    with grpc.secure_channel(f"{host}:{bound}", credentials, options) as opened:
        yield opened
    server.stop(0)


def test_a_grpc_call_and_its_trailers(channel):
    answer, call = channel.unary_unary("/echo.Echo/Unary").with_call(b"tea" * 10_000, timeout=10)
    assert answer == b"tea" * 10_000
    assert ("x-end", "yes") in [(item.key, item.value) for item in call.trailing_metadata()]


def test_a_grpc_stream_goes_both_ways(channel):
    answers = channel.stream_stream("/echo.Echo/Stream")(iter([b"1", b"22", b"333"]), timeout=10)
    assert list(answers) == [b"1", b"22", b"333"]


def test_a_grpc_failure_keeps_its_status(channel):
    with pytest.raises(grpc.RpcError) as failure:
        channel.unary_unary("/echo.Echo/Fail")(b"", timeout=10)
    assert failure.value.code() == grpc.StatusCode.NOT_FOUND
    assert failure.value.details() == "no such cup"
