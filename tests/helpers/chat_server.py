"""A server on the loopback with OpenAI's chat protocol as llama-server and vLLM speak it; it misbehaves on request."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class ChatServer:
    """What it does next, and what it was asked."""

    models: list[str] = field(default_factory=lambda: ["tiny-chat"])
    pieces: list[str] = field(default_factory=lambda: ["You can ", "return it ", "within 9 days."])
    finish: str | None = "stop"
    key: str = ""
    refuse: list[int] = field(default_factory=list)  # statuses of the next chat requests
    hang_before: bool = False  # nothing comes
    hang_after: int | None = None  # pieces, then nothing
    break_after: int | None = None  # pieces, then the connection ends
    plain: bytes | None = None  # this instead of a stream
    redirect: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    disconnected: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    @property
    def url(self) -> str:
        """What people would enter."""
        return f"http://127.0.0.1:{self.port}/v1"


def _handler(state: ChatServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            state.headers.append(dict(self.headers))
            if self._stopped():
                return
            self._json(200, {"object": "list", "data": [{"id": name, "object": "model"} for name in state.models]})

        def do_POST(self) -> None:
            state.headers.append(dict(self.headers))
            state.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            if self._stopped():
                return
            if state.refuse:
                self._json(state.refuse.pop(0), {"error": {"type": "invalid_request_error", "message": "SECRET TEXT"}})
                return
            if state.plain is not None:
                self.send_response(200)
                self.end_headers()
                self.wfile.write(state.plain)
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            try:
                self._stream()
            except OSError:
                state.disconnected.set()

        def _stopped(self) -> bool:
            if state.redirect:
                self.send_response(302)
                self.send_header("Location", state.redirect)
                self.end_headers()
                return True
            if state.key and self.headers.get("Authorization") != f"Bearer {state.key}":
                self._json(401, {"error": {"type": "authentication_error"}})
                return True
            return False

        def _stream(self) -> None:
            if state.hang_before:
                self._wait_for_the_end()
            self._event({"choices": [{"delta": {"role": "assistant"}, "finish_reason": None}]})
            self.wfile.write(b": a comment\n\n")
            for number, piece in enumerate(state.pieces):
                if number == state.hang_after:
                    self._wait_for_the_end()
                if number == state.break_after:
                    return
                self._event({"choices": [{"delta": {"content": piece}, "finish_reason": None}]})
            self._event({"choices": [{"delta": {}, "finish_reason": state.finish}]})
            self._event({"choices": [], "usage": {"prompt_tokens": 77, "completion_tokens": 11}})
            self.wfile.write(b"data: [DONE]\n\n")

        def _wait_for_the_end(self) -> None:
            """Until the other side closes: a comment now and then, as servers send them to keep a line alive."""
            while True:
                self.connection.settimeout(0.01)
                try:
                    if self.connection.recv(1) == b"":
                        raise ConnectionResetError
                except TimeoutError:
                    time.sleep(0.005)

        def _event(self, event: dict[str, Any]) -> None:
            self.wfile.write(b"data: " + json.dumps(event).encode() + b"\n\n")
            self.wfile.flush()

        def _json(self, status: int, content: dict[str, Any]) -> None:
            raw = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

    return Handler


@contextmanager
def chat_server(state: ChatServer | None = None, *, port: int = 0) -> Iterator[ChatServer]:
    """Serve until the block ends; the port is free again afterwards."""
    state = state or ChatServer()
    server = ThreadingHTTPServer(("127.0.0.1", port), _handler(state))
    server.daemon_threads = True
    state.port = server.server_address[1]
    threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01), daemon=True).start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
