"""Reads requests, hands them to the workers, writes their replies."""

import logging
import os
import threading
from collections.abc import Mapping
from typing import BinaryIO

import msgspec

from agent_assist.engine.protocol import (
    PROTOCOL_VERSION,
    Cancel,
    Draft,
    Embed,
    Failed,
    FailureCode,
    Learn,
    Recheck,
    Reply,
    Shutdown,
    Status,
    StatusReply,
    Understand,
    Welcome,
    decode_request,
    encode,
)
from models.engine.worker import Load
from models.engine.workers import EncoderModel, EncoderWorker, ReplyModel, ReplyWorker

log = logging.getLogger(__name__)


class Server:
    """Serves one client over a pair of byte streams until `Shutdown` or the end of the input."""

    def __init__(
        self, source: BinaryIO, sink: BinaryIO, *, encoder: Load[EncoderModel], reply: Load[ReplyModel]
    ) -> None:
        self._source = source
        self._sink = sink
        self._writing = threading.Lock()
        self._encoder = EncoderWorker("encoder", encoder, self.send)
        self._reply = ReplyWorker("reply", reply, self.send)

    def serve(self) -> None:
        """Answer until told to leave. Workers load their models meanwhile."""
        self.send(Welcome(protocol=PROTOCOL_VERSION, pid=os.getpid()))
        self._encoder.start()
        self._reply.start()
        for line in self._source:
            if not self._dispatch(line):
                break
        self._encoder.close()
        self._reply.close()

    def send(self, reply: Reply) -> None:
        """Write one reply; whole lines only, whichever thread it comes from."""
        line = encode(reply)
        with self._writing:
            try:
                self._sink.write(line)
                self._sink.flush()
            except (BrokenPipeError, ValueError):
                log.info("the client is gone")

    def _dispatch(self, line: bytes) -> bool:
        try:
            request = decode_request(line)
        except (msgspec.ValidationError, msgspec.DecodeError) as error:
            log.warning("refused a line that is no request: %s", error)
            self.send(Failed(id=_id_of(line), code=FailureCode.REFUSED, message=f"Not a request: {error}"))
            return True
        match request:
            case Understand() | Embed() | Learn() | Recheck():
                self._encoder.queue.put(request)
            case Draft():
                self._reply.queue.put(request)
            case Status():
                self.send(StatusReply(id=request.id, models=[self._encoder.status, self._reply.status]))
            case Cancel():
                self._encoder.queue.cancel(request.id)
                self._reply.queue.cancel(request.id)
            case Shutdown():
                return False
        return True


def _id_of(line: bytes) -> str:
    try:
        raw = msgspec.json.decode(line, type=Mapping[str, object])
    except (msgspec.ValidationError, msgspec.DecodeError):
        return ""
    return str(raw.get("id", ""))
