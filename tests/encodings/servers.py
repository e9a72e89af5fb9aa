"""A web server of this machine whose answers a test writes, good ones and hostile ones."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple


class Server(NamedTuple):
    """`asked` are the paths that were asked for, in their order."""

    address: str
    asked: list[str]


@contextmanager
def served(answers):
    """Serves by path: bytes, sent by ranges; or a function that is given the handler, and writes what it likes."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            answer = answers.get(self.path.partition("?")[0])
            if answer is None:
                self.send_error(404)
            elif callable(answer):
                answer(self)
            else:
                send(self, answer)

        def do_HEAD(self):
            self.do_GET()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Server(f"http://127.0.0.1:{server.server_port}", asked)
    finally:
        server.shutdown()
        server.server_close()


def send(handler, data):
    """The range that was asked for."""
    first, _, last = handler.headers.get("Range", "bytes=0-").removeprefix("bytes=").partition("-")
    part = data[int(first) : int(last) + 1 if last else None]
    handler.send_response(206)
    handler.send_header("Content-Length", str(len(part)))
    handler.send_header("Content-Range", f"bytes {first}-{int(first) + len(part) - 1}/{len(data)}")
    handler.end_headers()
    handler.wfile.write(part)


def redirect(target):
    """An answer that leads elsewhere."""

    def answer(handler):
        handler.send_response(302)
        handler.send_header("Location", target)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def stream(piece, pause=None, headers=()):
    """An answer without an end: the piece again and again, after each a pause that a test may end."""

    def answer(handler):
        handler.send_response(200)
        for name, value in headers:
            handler.send_header(name, value)
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(piece)
                handler.wfile.flush()
                if pause is not None and pause.wait(0.05):
                    return
        except OSError:
            return

    return answer
