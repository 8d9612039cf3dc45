# SPDX-License-Identifier: Apache-2.0
"""A real program behind the load balancer: tells what it was asked."""

import http.server
import json
import threading
import time


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self):
        length = self.headers.get("Content-Length")
        body = b""
        if length:
            body = self.rfile.read(int(length))
        elif self.headers.get("Transfer-Encoding") == "chunked":
            while size := int(self.rfile.readline().split(b";")[0], 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            while self.rfile.readline().strip():
                pass
        self.server.seen.append((self.command, self.path))
        if self.path.startswith("/slow/"):
            time.sleep(float(self.path.split("/")[2]))
        if self.path.startswith("/large"):
            times = int(self.path.split("/")[2]) if self.path.startswith("/large/") else 1
            payload = b"All work and no play makes Jack a dull boy. " * 20000 * times
        else:
            payload = json.dumps(
                {
                    "server": self.server.name,
                    "method": self.command,
                    "path": self.path,
                    "version": self.request_version,
                    "headers": [[name, value] for name, value in self.headers.items()],
                    "body": len(body),
                }
            ).encode()
        status = int(self.path.split("/")[2]) if self.path.startswith("/status/") else 200
        self.send_response(status)
        if self.path.startswith("/login"):
            self.send_header("Set-Cookie", "session=own; HttpOnly")
        self.send_header("Content-Type", "application/json")
        if self.path.startswith("/chunks"):
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for start in range(0, len(payload), 50):
                part = payload[start : start + 50]
                self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
            self.wfile.write(b"0\r\n\r\n")
            return
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(payload)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = answer


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 256  # a load balancer opens a connection for each request that waits
    daemon_threads = True

    def handle_error(self, request, address):
        """Clients that leave early are part of the tests."""


class Backend:
    """An HTTP server of its own threads."""

    def __init__(self, name):
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.name = name
        self.server.seen = []
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
