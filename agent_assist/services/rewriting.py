"""A text of the agent's or the model's, worded anew: another tone, shorter, corrected, translated."""

import time
from array import array
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace

from agent_assist.domain.language import Language, detect_language
from agent_assist.domain.suggestion import ReplyCheck, Suggestion
from agent_assist.domain.wording import Refusal, RefusalReason, Rewording, Rewritten
from agent_assist.engine.api import Engine, RewriteOrder
from agent_assist.engine.protocol import DraftDone, TextKind
from agent_assist.errors import InputError, ModelTooSmallError
from agent_assist.knowledge.conflicts.nearest import cosine
from agent_assist.services.replies import ReplyCheckService
from agent_assist.services.small_models import Ways, is_small
from agent_assist.suggestion.rewriting import drift, is_in, paragraphs, repeats_itself, says_something

BATCH_S = 0.05
# A text and its rewrite mean the same from this cosine of their e5 vectors on; how it was measured is written in
# tests/benchmarks/bench_rewrite.py. Translations lie lower than rewrites in the same language.
SAME_MEANING = 0.88
SAME_MEANING_TRANSLATED = 0.82


@dataclass(frozen=True, slots=True, kw_only=True)
class RewriteChunk:
    """The next piece; only of models whose text need not be looked over first."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RewriteProgress:
    """So many characters of about so many are written."""

    written: int
    about: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RewriteReady:
    """The last step: the text, and what a reply of it would have to be confirmed or changed."""

    rewritten: Rewritten
    check: ReplyCheck


@dataclass(frozen=True, slots=True, kw_only=True)
class RewriteRefused:
    """The last step instead: the model is too small, and what works."""

    refusal: Refusal


RewriteStep = RewriteChunk | RewriteProgress | RewriteReady | RewriteRefused


class RewriteService:
    """Rewrites; the text that is given is never changed."""

    def __init__(self, *, engine: Engine, reply_checks: ReplyCheckService, ways: Ways) -> None:
        self._engine = engine
        self._reply_checks = reply_checks
        self._ways = ways

    async def rewrite(
        self,
        text: str,
        manner: Rewording,
        *,
        to: Language | None = None,
        ticket_id: str = "",
        suggestion: Suggestion | None = None,
    ) -> AsyncGenerator[RewriteStep, None]:
        """Yield the steps; closing the iterator cancels them.

        A translation goes `to` the other language where none is named; everything else stays in the text's own. With a
        ticket the result is looked over as its reply, with `text` among what it may rest on. Raises `InputError` for
        an empty text or one that is in the language already, `EngineError` where the engine gives no answer.
        """
        own = detect_language(text)
        language = _target(text, manner, own, to)
        order = RewriteOrder(text=text, manner=manner, language=language)
        began = time.perf_counter()
        written = _Written()
        try:
            async with aclosing(self._pieces(order, written, ticket_id)) as pieces:
                async for step in pieces:
                    yield step
        except ModelTooSmallError as error:
            reason = RefusalReason.TOO_LONG if error.limit else RefusalReason.NOT_AT_ALL
            refusal = Refusal(reason=reason, language=language, manner=manner, tokens=error.tokens, limit=error.limit)
            yield await self._refused(refusal, text)
            return
        changed = drift(text, written.text)
        result = Rewritten(
            manner=manner,
            language=language,
            original=text,
            text=written.text,
            lost=changed.lost,
            added=changed.added,
            model_version=written.version,
            total_ms=(time.perf_counter() - began) * 1000,
        )
        fault = await self._fault(result, written) if written.small else None
        if fault is not None:
            refusal = Refusal(reason=fault, language=language, manner=manner, lost=changed.lost, added=changed.added)
            yield await self._refused(refusal, text)
            return
        check = ReplyCheck()
        if ticket_id:
            check = await self._reply_checks.check(ticket_id, result.text, suggestion=suggestion, said=(text,))
        yield RewriteReady(rewritten=result, check=check)

    async def _pieces(
        self, order: RewriteOrder, written: "_Written", ticket_id: str
    ) -> AsyncGenerator[RewriteChunk | RewriteProgress, None]:
        """Paragraph by paragraph, so that breaks and greetings stay where they are."""
        flushed = 0.0
        translating = order.manner is Rewording.TRANSLATE
        for piece, worth in paragraphs(order.text):
            if not worth or not (translating or says_something(piece)):
                written.add(piece)
                continue
            stream = self._engine.rewrite(replace(order, text=piece), ticket_id=ticket_id)
            async with aclosing(stream):
                async for item in stream:
                    if written.small is None:  # known only now: before the first answer no model may be loaded
                        written.small = await is_small(self._engine)
                    if isinstance(item, DraftDone):
                        written.finish(item)
                    else:
                        written.add(item.text)
                    if time.perf_counter() - flushed >= BATCH_S or isinstance(item, DraftDone):
                        flushed = time.perf_counter()
                        yield RewriteProgress(written=len(written.text), about=_expected(order))
                        if not written.small and (chunk := written.unshown()):
                            yield RewriteChunk(text=chunk)

    async def _fault(self, result: Rewritten, written: "_Written") -> RefusalReason | None:
        """What is wrong with a small model's text, the gravest first."""
        language = Language(result.language)
        if not result.text.strip() or written.unfinished:
            return RefusalReason.UNFINISHED
        if not is_in(result.text, language):
            return RefusalReason.LANGUAGE
        if result.lost or result.added:
            return RefusalReason.FIGURES
        if repeats_itself(result.text, result.original):
            return RefusalReason.REPEATS
        first, second = await self._engine.embed([result.original, result.text], kind=TextKind.QUERY)
        least = SAME_MEANING_TRANSLATED if result.manner is Rewording.TRANSLATE else SAME_MEANING
        return RefusalReason.MEANING if cosine(array("f", first), array("f", second)) < least else None

    async def _refused(self, refusal: Refusal, text: str) -> RewriteRefused:
        return RewriteRefused(refusal=replace(refusal, ways=await self._ways.instead_of(refusal, text)))


class _Written:
    """The text so far."""

    def __init__(self) -> None:
        self.text = ""
        self.version = ""
        self.unfinished = False
        self.small: bool | None = None
        self._shown = 0

    def add(self, text: str) -> None:
        """The next piece."""
        self.text += text

    def finish(self, done: DraftDone) -> None:
        """A paragraph is done."""
        self.version = done.model_version
        self.unfinished = self.unfinished or done.stopped_early

    def unshown(self) -> str:
        """What came since the last call."""
        piece, self._shown = self.text[self._shown :], len(self.text)
        return piece


def _target(text: str, manner: Rewording, own: Language, to: Language | None) -> Language:
    if not text.strip():
        raise InputError("There is no text to word anew; write one, or take the suggestion first.")
    if manner is not Rewording.TRANSLATE:
        if to not in (None, own):
            raise InputError("Only a translation changes the language; choose the manner translate.")
        return own
    other = Language.EN if own is Language.ZH else Language.ZH
    if to is own:
        raise InputError(f"The text is in that language already; translate it to {other}.")
    return other


def _expected(order: RewriteOrder) -> int:
    """Characters to expect: English takes about three for each Chinese one."""
    length = len(order.text)
    if order.manner is Rewording.TRANSLATE:
        return length * 3 if order.language == Language.EN else -(-length // 3)
    return length
