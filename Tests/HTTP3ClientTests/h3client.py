# SPDX-License-Identifier: Apache-2.0
"""A small HTTP/3 client on aioquic."""

import asyncio
import contextlib
import ssl

from aioquic.asyncio import connect
from aioquic.asyncio.protocol import QuicConnectionProtocol
from aioquic.h3.connection import H3_ALPN, H3Connection
from aioquic.h3.events import DataReceived, HeadersReceived
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.events import ConnectionTerminated


class Answer:
    def __init__(self):
        self.done = asyncio.get_running_loop().create_future()
        self.headers = {}
        self.body = b""

    @property
    def status(self):
        return int(self.headers[":status"])


class Client(QuicConnectionProtocol):
    def __init__(self, *arguments, **more):
        super().__init__(*arguments, **more)
        self.http = H3Connection(self._quic)
        self.answers = {}

    def quic_event_received(self, event):
        if isinstance(event, ConnectionTerminated):
            for answer in self.answers.values():
                if not answer.done.done():
                    answer.done.set_exception(ConnectionError(event.reason_phrase or str(event.error_code)))
        for found in self.http.handle_event(event):
            answer = self.answers.get(getattr(found, "stream_id", None))
            if answer is None:
                continue
            if isinstance(found, HeadersReceived):
                answer.headers.update((name.decode(), value.decode()) for name, value in found.headers)
            elif isinstance(found, DataReceived):
                answer.body += found.data
            if getattr(found, "stream_ended", False) and not answer.done.done():
                answer.done.set_result(None)

    async def request(self, method, authority, path, body=b"", headers=(), patience=10):
        stream = self._quic.get_next_available_stream_id()
        answer = self.answers[stream] = Answer()
        pseudo = [(":method", method), (":scheme", "https"), (":authority", authority), (":path", path)]
        lines = [(name.encode(), value.encode()) for name, value in [*pseudo, *headers]]
        self.http.send_headers(stream, lines, end_stream=not body)
        if body:
            self.http.send_data(stream, body, end_stream=True)
        self.transmit()
        await asyncio.wait_for(answer.done, patience)
        return answer

    async def move(self, ip):
        """Goes on from another address of this machine, as a client does that has changed networks."""
        old = self._transport
        await asyncio.get_running_loop().create_datagram_endpoint(lambda: self, local_addr=("::ffff:" + ip, 0))
        self._quic.change_connection_id()
        self.left = old  # closing it would end the connection


@contextlib.asynccontextmanager
async def connected(host, port, name, authority_pem=None):
    """A connection; the server's certificate is checked when a root is given."""
    configuration = QuicConfiguration(is_client=True, alpn_protocols=H3_ALPN, server_name=name)
    if authority_pem:
        configuration.load_verify_locations(cadata=authority_pem.encode())
    else:
        configuration.verify_mode = ssl.CERT_NONE
    async with connect(host, port, configuration=configuration, create_protocol=Client) as client:
        yield client
