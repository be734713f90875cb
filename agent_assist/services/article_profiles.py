"""Reads what the questions of articles want, behind everything else, so that search can prefer what is wanted."""

from collections.abc import Sequence

from agent_assist.domain.events import ArticleChanged, DomainEvent, EngineState, EngineStateChanged, KnowledgeChanged
from agent_assist.domain.knowledge import Article
from agent_assist.domain.profiles import Profile, profile_of, profile_of_labels
from agent_assist.domain.tickets import Role
from agent_assist.engine.api import Engine
from agent_assist.engine.protocol import Priority, TextKind, Turn
from agent_assist.errors import EngineError
from agent_assist.services.background import Background
from agent_assist.services.events import EventBus
from agent_assist.storage.articles.profiles import ArticleProfileStore

_BATCH = 16
# Questions of one article that are read; more say the same.
_QUESTIONS = 8


class ArticleProfileService:
    """Keeps the profiles of all searched articles up to date."""

    def __init__(self, *, store: ArticleProfileStore, engine: Engine, events: EventBus) -> None:
        self._store = store
        self._engine = engine
        self.running = False
        self._background = Background("article profiles", self._work, events=events, wakes=_wakes)

    def start(self) -> None:
        """Read behind the caller's back whenever articles changed or the encoder came back."""
        self.running = True
        self._background.start()

    async def close(self) -> None:
        """Stop; what is left is read at the next start."""
        await self._background.close()

    async def read_all(self) -> int:
        """Read what is not read yet; returns how many articles that were, 0 while the engine is away."""
        try:
            return await self._read()
        except EngineError:
            return 0

    async def _work(self) -> None:
        await self._read()

    async def _read(self) -> int:
        done = 0
        model = await self._encoder()
        while model and (batch := await self._store.missing(model, limit=_BATCH)):
            texts = [questions_of(article) for _, article in batch]
            threads = [[Turn(role=Role.CUSTOMER, text=text)] for asked in texts for text in asked]
            read = iter(await self._engine.understand(threads, priority=Priority.BATCH) if threads else ())
            profiles: dict[str, tuple[str, Sequence[Profile]]] = {}
            for (digest, article), asked in zip(batch, texts, strict=True):
                found = [profile_of(next(read).understanding) for _ in asked]
                if article.intents:
                    found.append(profile_of_labels(article.intents))
                profiles[article.doc_id] = (digest, found)
            await self._store.save(profiles, model=model)
            done += len(batch)
        return done

    async def _encoder(self) -> str:
        # A first request makes the engine load the encoder, whose version is then known.
        await self._engine.embed(["?"], kind=TextKind.QUERY)
        return next((one.version for one in await self._engine.status() if one.name == "encoder"), "")


def questions_of(article: Article) -> list[str]:
    """What the article answers, in the words of its questions; the first eight.

    The beginning of one without questions is no substitute: laws and manuals are not written like messages, and
    reading them as such cost eight points of recall on consumer law.
    """
    return [text for text in (article.question, *article.variants) if text][:_QUESTIONS]


def _wakes(event: DomainEvent) -> bool:
    match event:
        case KnowledgeChanged() | ArticleChanged():
            return True
        case EngineStateChanged(model="encoder", state=EngineState.READY):
            return True
        case _:
            return False
