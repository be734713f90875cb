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
    Judge,
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
from models.engine.judging import JudgeModel, JudgeWorker
from models.engine.reranking import RerankModel, RerankWorker
from models.engine.worker import Load
from models.engine.workers import EncoderModel, EncoderWorker, ReplyModel, ReplyWorker

log = logging.getLogger(__name__)


class Server:
    """Serves one client over a pair of byte streams until `Shutdown` or the end of the input.

    Without a `reranker` or a `reader` requests for one are refused.
    """

    def __init__(
        self,
        source: BinaryIO,
        sink: BinaryIO,
        *,
        encoder: Load[EncoderModel],
        reply: Load[ReplyModel],
        reranker: Load[RerankModel] | None = None,
        reader: Load[JudgeModel] | None = None,
    ) -> None:
        self._source = source
        self._sink = sink
        self._writing = threading.Lock()
        self._encoder = EncoderWorker("encoder", encoder, self.send)
        self._reply = ReplyWorker("reply", reply, self.send)
        self._reranker = RerankWorker("reranker", reranker, self.send) if reranker else None
        self._reader = JudgeWorker("reader", reader, self.send) if reader else None

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
    def _workers(self) -> tuple[EncoderWorker | ReplyWorker | RerankWorker | JudgeWorker, ...]:
        optional = [worker for worker in (self._reranker, self._reader) if worker is not None]
        return (*optional, self._encoder, self._reply)

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
                advice = "No reranker is chosen. Add one with `agent-assist models add FOLDER`."
                self._optional(self._reranker, request, advice)
            case Judge():
                advice = "No reader of passages is built. Run `agent-assist models build`."
                self._optional(self._reader, request, advice)
            case Status():
                self.send(StatusReply(id=request.id, models=[worker.status for worker in self._workers]))
            case Cancel():
                for worker in self._workers:
                    worker.queue.cancel(request.id)
            case Shutdown():
                return False
        return True

    def _optional(self, worker: RerankWorker | JudgeWorker | None, request: Rerank | Judge, without: str) -> None:
        if worker is not None:
            worker.queue.put(request)
        else:
            self.send(Failed(id=request.id, code=FailureCode.REFUSED, message=without))


def _id_of(line: bytes) -> str:
    try:
        raw = msgspec.json.decode(line, type=Mapping[str, object])
    except (msgspec.ValidationError, msgspec.DecodeError):
        return ""
    return str(raw.get("id", ""))
