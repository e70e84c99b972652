"""A stand-in for what sits between phone and server: a captive portal that answers everything itself."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = b"<!doctype html><title>Free Wi-Fi</title><h1>Accept our terms to go online</h1>"


class Portal:
    """Answers every request on a port with its own page, or by sending people to it. Counts the pushes it got."""

    def __init__(self, port: int):
        self.redirects, self.pushes = False, 0
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _answering(self))
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> "Portal":
        self._thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)


def _answering(portal: Portal) -> type[BaseHTTPRequestHandler]:
    class Answer(BaseHTTPRequestHandler):
        """One request."""

        def do_GET(self) -> None:
            """The portal's page with status 200, or a way to it with 302, whatever was asked."""
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            portal.pushes += self.path.startswith("/api/v1/sync/push")
            to_page = portal.redirects and self.path != "/portal"
            self.send_response(302 if to_page else 200)
            if to_page:
                self.send_header("Location", "/portal")
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(PAGE)))
            self.end_headers()
            self.wfile.write(PAGE)

        do_POST = do_PUT = do_DELETE = do_GET

        def log_message(self, *_) -> None:
            """Say nothing."""

    return Answer
