"""A network between phone and server that goes wrong as told."""

import socket
import socketserver
import threading

PORTAL = b"<html><title>Welcome to Station WiFi</title><body>Sign in to go on</body></html>"


class Proxy:
    """Passes one request and its answer, unless `fault` names what happens instead:

    lost_request · lost_answer · cut_answer · portal (200 HTML) · redirect (302) · earlier_answer (a cache's).
    """

    def __init__(self, port: int):
        self.fault, self._server_port, self._earlier = "", port, b""
        self._listener = _Listener(("127.0.0.1", 0), self)
        self.port = self._listener.server_address[1]

    def __enter__(self) -> "Proxy":
        threading.Thread(target=self._listener.serve_forever, args=(0.01,)).start()
        return self

    def __exit__(self, *_) -> None:
        self._listener.shutdown()
        self._listener.server_close()

    def answer(self, request: bytes) -> bytes:
        """What comes back to the phone; empty: the line is dead."""
        if self.fault == "lost_request":
            return b""
        if self.fault == "portal":
            return _http("200 OK", "text/html; charset=utf-8", PORTAL)
        if self.fault == "redirect":
            return _http("302 Found", "text/html", b"", "Location: http://portal.example/sign-in\r\n")
        if self.fault == "earlier_answer":
            return self._earlier
        whole = self._ask(request)
        if self.fault == "lost_answer":
            return b""
        if self.fault == "cut_answer":
            return whole[: len(whole) - 40]
        self._earlier = whole
        return whole

    def _ask(self, request: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", self._server_port), timeout=20) as server:
            server.sendall(request)
            whole = b""
            while got := server.recv(65536):
                whole += got
            return whole


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address, daemon_threads = True, False

    def __init__(self, address, proxy: Proxy):
        self.proxy = proxy
        super().__init__(address, _Connection)


class _Connection(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        request = b""
        while b"\r\n\r\n" not in request:
            request += self.request.recv(65536)
        length = int(request.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        while len(request) < request.index(b"\r\n\r\n") + 4 + length:
            request += self.request.recv(65536)
        self.request.sendall(self.server.proxy.answer(request))


def _http(status: str, kind: str, body: bytes, more: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{more}Content-Length: {len(body)}\r\n\r\n".encode() + body
