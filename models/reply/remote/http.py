"""One request to a server at a time: JSON out, JSON or a stream of server-sent events back, stopped at any moment.

The standard library's client: no proxy is asked, no redirect is followed, nothing is sent but what is given.
"""

import http.client
import json
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import closing, suppress
from typing import Any

from models.errors import Stopped
from models.reply.remote.address import Address, AddressError, resolve

CONNECT_S = 3.0
# A busy server reads other prompts first; then tokens follow one another.
FIRST_S, BETWEEN_S = 60.0, 20.0
_LOOK_S = 0.03  # between two looks at the stop signal
_MOST_BYTES = 4_000_000
_END = object()


class RemoteError(Exception):
    """The server gave no answer; the message is a sentence. `status` is the HTTP status, 0 without one."""

    def __init__(self, message: str, *, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class Client:
    """Speaks to one server. Not thread-safe."""

    def __init__(
        self,
        address: Address,
        *,
        key: str = "",
        allow_public: bool = False,
        connect_s: float = CONNECT_S,
        first_s: float = FIRST_S,
        between_s: float = BETWEEN_S,
    ) -> None:
        self.address = address
        self._key = key
        self._allow_public = allow_public
        self._connect_s, self._first_s, self._between_s = connect_s, first_s, between_s

    def get(self, path: str) -> Any:
        """The JSON that is there. Raises RemoteError."""
        lines = self._exchange("GET", path, None, lambda: False, self._connect_s * 2)
        return self._decoded(b"".join(lines))

    def stream(
        self, path: str, body: Mapping[str, Any], *, should_stop: Callable[[], bool]
    ) -> Generator[dict[str, Any], None, None]:
        """The events of a stream, until "[DONE]" or its end.

        Raises Stopped within some hundredths of a second once `should_stop` says so; the connection is closed with it,
        which is how a server hears of it. Raises RemoteError.
        """
        with closing(self._exchange("POST", path, json.dumps(body).encode(), should_stop, self._first_s)) as lines:
            for line in lines:
                field, _, value = line.strip().partition(b":")
                if field != b"data":
                    continue  # comments, event names, empty lines
                if value.strip() == b"[DONE]":
                    return
                event = self._decoded(value)
                if isinstance(event, dict):
                    if "error" in event:
                        raise self._refused(200, value)
                    yield event

    def _exchange(
        self, method: str, path: str, body: bytes | None, should_stop: Callable[[], bool], first_s: float
    ) -> Generator[bytes, None, None]:
        """Lines of the answer. They are read in a thread, so that this one hears the stop signal meanwhile."""
        line = _Line(self._connection())
        reader = threading.Thread(target=self._read, args=(line, method, path, body), name="remote reader", daemon=True)
        reader.start()
        until = time.monotonic() + self._connect_s + first_s
        try:
            while True:
                if should_stop():
                    raise Stopped
                try:
                    got = line.read.get(timeout=_LOOK_S)
                except queue.Empty:
                    if time.monotonic() > until:
                        raise RemoteError(self._silent()) from None
                    continue
                if got is _END:
                    return
                if isinstance(got, Exception):
                    raise got
                assert isinstance(got, bytes)
                yield got
                until = time.monotonic() + self._between_s
        finally:
            line.close()

    def _connection(self) -> http.client.HTTPConnection:
        address = self.address
        try:
            ip = resolve(address, allow_public=self._allow_public)
        except AddressError as error:
            raise RemoteError(str(error)) from error
        wait = self._connect_s
        if address.secure:
            connection: http.client.HTTPConnection = _Secure(address.host, ip, address.port, timeout=wait)
        else:
            connection = http.client.HTTPConnection(ip, address.port, timeout=wait)
        return connection

    def _read(self, line: "_Line", method: str, path: str, body: bytes | None) -> None:
        headers = {"Accept": "application/json, text/event-stream", "Host": self.address.shown}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        try:
            if not line.connect():
                return
            line.connection.request(method, self.address.path + path, body=body, headers=headers)
            response = line.connection.getresponse()
            if response.status != 200:
                line.read.put(self._refused(response.status, response.read(10_000)))
                return
            size = 0
            while got := response.readline(_MOST_BYTES):
                size += len(got)
                if size > _MOST_BYTES:
                    line.read.put(RemoteError(f"The server at {self.address.shown} sends without end."))
                    return
                line.read.put(got)
            line.read.put(_END)
        except (OSError, http.client.HTTPException, ValueError, AttributeError) as error:
            line.read.put(RemoteError(f"The server at {self.address.shown} does not answer ({_reason(error)})."))

    def _refused(self, status: int, content: bytes) -> RemoteError:
        told = _message(content)
        if status in {401, 403}:
            return RemoteError(f"The server at {self.address.shown} wants another key ({status}).", status=status)
        if 300 <= status < 400:
            return RemoteError(f"The server at {self.address.shown} sends on to another address.", status=status)
        return RemoteError(f"The server at {self.address.shown} refuses ({status}){told}.", status=status)

    def _silent(self) -> str:
        return f"The server at {self.address.shown} does not answer in time."

    def _decoded(self, content: bytes) -> Any:
        try:
            return json.loads(content)
        except ValueError as error:
            raise RemoteError(f"The server at {self.address.shown} does not speak OpenAI's protocol.") from error


class _Line:
    """A connection that one thread reads and another closes, and the lines between them."""

    def __init__(self, connection: http.client.HTTPConnection) -> None:
        self.connection = connection
        self.read: queue.Queue[object] = queue.Queue()
        self._sock: socket.socket | None = None  # the connection lets go of its own while a stream is read
        self._lock = threading.Lock()
        self._closed = False

    def connect(self) -> bool:
        """False where it was closed before there was anything to close; nothing is sent then."""
        self.connection.connect()
        with self._lock:
            self._sock = self.connection.sock
            self._sock.settimeout(None)  # from here the other thread counts the time, and closes
            closed = self._closed
        if closed:
            self.close()
        return not closed

    def close(self) -> None:
        """Wakes the thread that reads."""
        with self._lock:
            self._closed = True
            if self._sock is not None:
                with suppress(OSError):
                    self._sock.shutdown(socket.SHUT_RDWR)
                with suppress(OSError):
                    self._sock.close()


class _Secure(http.client.HTTPSConnection):
    """Connects to the address that was looked up and checked, and expects the certificate of the name."""

    def __init__(self, host: str, ip: str, port: int, *, timeout: float) -> None:
        super().__init__(host, port, timeout=timeout)
        self._ip = ip
        self._tls = ssl.create_default_context()

    def connect(self) -> None:
        """In place of a second look-up."""
        plain = socket.create_connection((self._ip, self.port), self.timeout)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no connection in time"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return type(error).__name__


def _message(content: bytes) -> str:
    """What a server says of its error, if that is a short word of its own and not a page or an echo of the prompt."""
    try:
        told = json.loads(content)
    except ValueError:
        return ""
    error = told.get("error", told) if isinstance(told, dict) else {}
    kind = error.get("type") or error.get("code") if isinstance(error, dict) else ""
    return f": {kind}" if isinstance(kind, str) and 0 < len(kind) < 60 and kind.isprintable() else ""
