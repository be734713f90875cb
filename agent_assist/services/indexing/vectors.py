"""Vectors for what is to be indexed: those that are known, then those that the engine makes."""

import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from agent_assist.domain.knowledge import Article
from agent_assist.engine.api import Engine
from agent_assist.engine.protocol import Priority, TextKind
from agent_assist.errors import EngineError
from agent_assist.knowledge.index import IndexPlan, indexed_article, plan_article
from agent_assist.storage.articles.indexed import IndexedArticle, with_vectors
from agent_assist.storage.knowledge import KnowledgeStore
from agent_assist.text.spelling import spellings

log = logging.getLogger(__name__)

# Texts that go to the encoder together. It answers more urgent requests between slices of 16 of them.
TEXTS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """An article that is cut into passages and words; `plan.model` is the encoder its vectors are to be of."""

    plan: IndexPlan
    indexed: IndexedArticle

    @property
    def texts(self) -> int:
        """How many vectors it needs."""
        return len(self.plan.passages) + len(self.plan.questions)


def prepare(article: Article, *, encoder: str) -> Prepared:
    """Cut an article. Words are also spelled here, on whatever thread this is: the writer of the database, which asks
    for it again, then waits for neither dictionaries nor rules."""
    plan = plan_article(article, model=encoder)
    indexed = indexed_article(plan)
    for passage in indexed.passages:
        for pair in passage.pairs.split():
            spellings(pair)
    return Prepared(plan=plan, indexed=indexed)


class Vectors:
    """Knows the encoder and asks it for no vector twice."""

    def __init__(self, store: KnowledgeStore, engine: Engine) -> None:
        self._store = store
        self._engine = engine
        self._encoder = ""
        self.embedded = 0

    async def encoder(self, *, again: bool = False) -> str:
        """Names the encoder, waiting for it to load; "" where there is none. `again`: it may be another one now."""
        if again or not self._encoder:
            self._encoder = ""
            with suppress(EngineError):
                await self._engine.embed(["?"], kind=TextKind.QUERY)
                status = next(one for one in await self._engine.status() if one.name == "encoder")
                self._encoder = status.trunk or status.version
        return self._encoder

    async def fill(self, batch: Sequence[Prepared], *, priority: Priority = Priority.BATCH) -> list[IndexedArticle]:
        """The articles with their vectors. Where the engine gives none, those that are not known stay without."""
        known: dict[bytes, bytes] = {}
        for model in {one.plan.model for one in batch if one.plan.model}:
            plans = [one.plan for one in batch if one.plan.model == model]
            known |= await self._known(plans, model, priority)
        return [with_vectors(one.indexed, known, model=one.plan.model) for one in batch]

    async def _known(self, plans: Sequence[IndexPlan], model: str, priority: Priority) -> Mapping[bytes, bytes]:
        hashes = dict.fromkeys(key for plan in plans for key in plan.hashes)
        known = await self._store.known_vectors(list(hashes), model=model)
        for kind, wanted in _missing(plans, known).items():
            try:
                known |= await self._embed(wanted, kind, priority)
            except EngineError as error:
                log.info("indexing by words alone: %s", error)
                self._encoder = ""
                break
        return known

    async def _embed(self, texts: Mapping[bytes, str], kind: TextKind, priority: Priority) -> dict[bytes, bytes]:
        made: dict[bytes, bytes] = {}
        for keys in _batched(list(texts)):
            vectors = await self._engine.embed([texts[key] for key in keys], kind=kind, priority=priority)
            made |= zip(keys, vectors, strict=True)
        self.embedded += len(made)
        return made


def _missing(plans: Sequence[IndexPlan], known: Mapping[bytes, bytes]) -> dict[TextKind, dict[bytes, str]]:
    """Texts by their hashes, the shortest first: the encoder pads a batch to its longest."""
    missing: dict[TextKind, dict[bytes, str]] = {TextKind.PASSAGE: {}, TextKind.QUERY: {}}
    for plan in plans:
        kinds = [TextKind.PASSAGE] * len(plan.passage_texts) + [TextKind.QUERY] * len(plan.questions)
        for kind, key, text in zip(kinds, plan.hashes, (*plan.passage_texts, *plan.questions), strict=True):
            if key not in known:
                missing[kind][key] = text
    return {
        kind: dict(sorted(texts.items(), key=lambda item: len(item[1]))) for kind, texts in missing.items() if texts
    }


def _batched(keys: Sequence[bytes]) -> list[Sequence[bytes]]:
    return [keys[start : start + TEXTS] for start in range(0, len(keys), TEXTS)]
