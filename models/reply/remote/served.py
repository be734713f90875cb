"""The model of a server as the engine uses it: local drafts while the server is away, back to it when it answers."""

import logging
import threading
from collections.abc import Callable

from agent_assist.engine.protocol import Draft, Rewrite, Summarise
from models.reply.choice import Server
from models.reply.loading import ReplyModels, Written
from models.reply.remote.address import parse
from models.reply.remote.http import Client, RemoteError
from models.reply.remote.keys import key_for
from models.reply.remote.writer import RemoteWriter

logger = logging.getLogger(__name__)
# How often a server that is away is asked whether it is back. Drafts do not wait for it.
ASK_AGAIN_S = 10.0


class ServedModel:
    """Writes with the server's model, with `spare` (loaded at need) while the server is away.

    Not thread-safe but for its own watcher, which only says that the server is back.
    """

    def __init__(
        self, server: Server, *, name: str, spare: Callable[[], ReplyModels], ask_again_s: float = ASK_AGAIN_S
    ) -> None:
        """Asks the server once. Raises what `spare` raises where both are missing."""
        self._server = server
        self._name = name
        self._writer = self._new_writer()
        self._load_spare = spare
        self._spare: ReplyModels | None = None
        self._ask_again_s = ask_again_s
        self._problem = ""
        self._up = threading.Event()
        self._closed = threading.Event()
        try:
            self._writer.check()
            self._up.set()
        except RemoteError as error:
            self._fell(error)
            self._local()

    @property
    def version(self) -> str:
        """Of the model that writes now."""
        return self._writer.version if self._spare is None or self._up.is_set() else self._spare.version

    @property
    def device(self) -> str:
        """ "server", or where the spare runs."""
        return self._writer.device if self._spare is None or self._up.is_set() else self._spare.device

    @property
    def device_reason(self) -> str:
        """Which server; or why it is not the server."""
        if self._up.is_set():
            return self._writer.device_reason
        local = f" {self._spare.device_reason}" if self._spare else ""
        return f"{self.problem}{local}"

    @property
    def problem(self) -> str:
        """Why another model than the chosen one writes, "" where it does not."""
        if self._up.is_set():
            return ""
        name = f" ({self._spare.version})" if self._spare else ""
        return f"{self._problem} Drafts go on with the local model{name} until it does."

    @property
    def small(self) -> bool:
        """A server's model has no measured limits; the local one may have."""
        return self._spare is not None and not self._up.is_set() and self._spare.small

    def draft(self, request: Draft, *, should_stop: Callable[[], bool]) -> Written:
        """See `Writer.draft`. What was not shown yet is begun again by the local model where the server fails."""
        return self._written(lambda one: one.draft(request, should_stop=should_stop))

    def rewrite(self, request: Rewrite, *, should_stop: Callable[[], bool]) -> Written:
        """See `Writer.rewrite` and `draft`."""
        return self._written(lambda one: one.rewrite(request, should_stop=should_stop))

    def summarise(self, request: Summarise, *, should_stop: Callable[[], bool]) -> Written:
        """See `Writer.summarise` and `draft`."""
        return self._written(lambda one: one.summarise(request, should_stop=should_stop))

    def _written(self, write: Callable[[RemoteWriter | ReplyModels], Written]) -> Written:
        if self._up.is_set():
            shown = False
            try:
                for piece in write(self._writer):
                    shown = True
                    yield piece
                return
            except RemoteError as error:
                self._fell(error)
                if shown:
                    raise
        yield from write(self._local())

    def close(self) -> None:
        """Free the spare; ask no more."""
        self._closed.set()
        if self._spare is not None:
            self._spare.close()

    def _new_writer(self) -> RemoteWriter:
        server = self._server
        key = key_for(server.service, server.user)
        client = Client(parse(server.url), key=key, allow_public=server.allow_public)
        return RemoteWriter(client, model=server.model, name=self._name)

    def _local(self) -> ReplyModels:
        if self._spare is None:
            self._spare = self._load_spare()
        return self._spare

    def _fell(self, error: RemoteError) -> None:
        logger.warning("%s", error)
        self._problem = str(error)
        self._up.clear()
        threading.Thread(target=self._watch, name="server watcher", daemon=True).start()

    def _watch(self) -> None:
        """Until it is back. A server that was only broken off in one request is back at once."""
        while not self._closed.wait(self._ask_again_s):
            try:
                self._new_writer().check()
            except RemoteError as error:
                self._problem = str(error)
            else:
                logger.info("the server of %s is back", self._name)
                self._up.set()
                return


def inspect_server(url: str, *, model: str, allow_public: bool) -> dict[str, object]:
    """What `models.inspect` tells of a server that answers. Raises RemoteError and AddressError."""
    from models.names import plain_name
    from models.reply.remote.writer import served_models

    address = parse(url)
    names = served_models(Client(address, key=key_for("", ""), allow_public=allow_public))
    if not names:
        raise RemoteError(f"The server at {address.shown} serves no model yet.")
    if model not in names and (model or len(names) > 1):
        known = ", ".join(names[:20])
        raise RemoteError(f"The server at {address.shown} serves {known}; name the one to use with --model.")
    chosen = model or names[0]
    return {
        "kind": "server",
        "name": plain_name(f"{address.host}-{chosen.rsplit('/', 1)[-1]}"),
        "url": address.url,
        "model": chosen,
    }
