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
    Rerank,
    Rewrite,
    Shutdown,
    Status,
    StatusReply,
    Summarise,
    Understand,
    Welcome,
    decode_request,
    encode,
)
from models.engine.reranking import RerankModel, RerankWorker
from models.engine.worker import Load
from models.engine.workers import EncoderModel, EncoderWorker, ReplyModel, ReplyWorker

log = logging.getLogger(__name__)


class Server:
    """Serves one client over a pair of byte streams until `Shutdown` or the end of the input.

    Without a `reranker` requests for one are refused.
    """

    def __init__(
        self,
        source: BinaryIO,
        sink: BinaryIO,
        *,
        encoder: Load[EncoderModel],
        reply: Load[ReplyModel],
        reranker: Load[RerankModel] | None = None,
    ) -> None:
        self._source = source
        self._sink = sink
        self._writing = threading.Lock()
        self._encoder = EncoderWorker("encoder", encoder, self.send)
        self._reply = ReplyWorker("reply", reply, self.send)
        self._reranker = RerankWorker("reranker", reranker, self.send) if reranker else None

    def serve(self) -> None:
        """Answer until told to leave. Workers load their models meanwhile."""
        self.send(Welcome(protocol=PROTOCOL_VERSION, pid=os.getpid()))
        for worker in self._workers:
            worker.start()
        for line in self._source:
            if not self._dispatch(line):
                break
        for worker in self._workers:
            worker.close()

    @property
    def _workers(self) -> tuple[EncoderWorker | ReplyWorker | RerankWorker, ...]:
        both = (self._encoder, self._reply)
        return both if self._reranker is None else (self._reranker, *both)

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
            case Draft() | Rewrite() | Summarise():
                self._reply.queue.put(request)
            case Rerank():
                self._rerank(request)
            case Status():
                self.send(StatusReply(id=request.id, models=[worker.status for worker in self._workers]))
            case Cancel():
                for worker in self._workers:
                    worker.queue.cancel(request.id)
            case Shutdown():
                return False
        return True

    def _rerank(self, request: Rerank) -> None:
        if self._reranker is not None:
            self._reranker.queue.put(request)
        else:
            message = "No reranker is chosen. Add one with `agent-assist models add FOLDER`."
            self.send(Failed(id=request.id, code=FailureCode.REFUSED, message=message))


def _id_of(line: bytes) -> str:
    try:
        raw = msgspec.json.decode(line, type=Mapping[str, object])
    except (msgspec.ValidationError, msgspec.DecodeError):
        return ""
    return str(raw.get("id", ""))
