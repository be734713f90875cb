"""What customers ask and the knowledge does not answer: logged when it happens, grouped when somebody looks."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from agent_assist.domain.feedback import FeedbackEvent
from agent_assist.domain.gaps import Gap, GapReport, GapSource, NearArticle, UnansweredQuestion
from agent_assist.domain.ids import utc_now
from agent_assist.domain.knowledge import Article, Hit
from agent_assist.domain.language import detect_language
from agent_assist.domain.suggestion import Suggestion
from agent_assist.domain.tickets import Message, Role, Ticket
from agent_assist.engine.protocol import Priority
from agent_assist.errors import EngineError, InputError, NotFoundError
from agent_assist.knowledge.gaps import Grouping, Question, draft_article, name_groups
from agent_assist.knowledge.solved import Side, profile_of, question_text, question_words
from agent_assist.privacy.masking import Masker
from agent_assist.privacy.tickets import ticket_masker
from agent_assist.services.knowledge import KnowledgeService
from agent_assist.services.solved.encoder import Asked, Encoded, QuestionEncoder
from agent_assist.settings import Settings
from agent_assist.storage.gaps import GapStore, asked_by
from agent_assist.storage.solved import SolvedStore
from agent_assist.storage.tickets import TicketStore
from agent_assist.text.comparable import comparison_key

DAYS = 30
# Newest questions that are grouped, and how many of a group are searched for again.
_MOST = 2_000
_CHECKED = 5
_EXAMPLES = 3
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class _Group:
    """Questions of a group, the one in its midst first."""

    questions: tuple[UnansweredQuestion, ...]

    @property
    def id(self) -> str:
        return f"gap-{min(question.key for question in self.questions)}"

    @property
    def dismissed(self) -> bool:
        """Until those that came later are more than those that were dismissed."""
        return 2 * sum(question.dismissed for question in self.questions) >= len(self.questions)


class GapService:
    """The list of articles that are missing."""

    def __init__(
        self,
        *,
        gaps: GapStore,
        solved: SolvedStore,
        tickets: TicketStore,
        knowledge: KnowledgeService,
        encoder: QuestionEncoder,
        settings: Settings,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._gaps = gaps
        self._solved = solved
        self._tickets = tickets
        self._knowledge = knowledge
        self._encoder = encoder
        self._settings = settings
        self._now = now

    async def unanswered(self, ticket: Ticket, suggestion: Suggestion) -> None:
        """Log that nothing was found for a stored ticket, or nothing that answers it. A version of it counts once.

        Passages that were looked at and did not answer do not count as an answer later.
        """
        index = ticket.last_customer_index()
        if index is not None:
            await self._log_ticket(
                ticket, index, ticket.version, source=GapSource.SILENCE, at=self._now(), looked_at=suggestion
            )

    async def searched(self, query: str, hits: Sequence[Hit]) -> None:
        """Log a search that a person made, unless something relevant was found. The same one counts once a day."""
        if not query.strip() or any(hit.score >= self._settings.suggestion.minimum_relevance for hit in hits):
            return
        at = self._now()
        message = Message(role=Role.CUSTOMER, text=query, at=at)
        asked = Asked(ticket=Ticket(id="", messages=(message,), created_at=at), index=0, text=query)
        digest = hashlib.sha256(comparison_key(query).encode()).hexdigest()[:16]
        await self._gaps.add(
            f"search:{at.astimezone(UTC):%Y-%m-%d}:{digest}",
            await self._question(asked, Masker().text(query), source=GapSource.SEARCH, at=at),
        )

    async def report(self, *, days: int = DAYS) -> GapReport:
        """The gaps of the last `days` days, each looked for again in the knowledge as it is now."""
        groups = await self._groups(days)
        standing = [group for group in groups if not group.dismissed]
        names = name_groups([[question.text for question in group.questions] for group in groups])
        named = dict(zip((group.id for group in groups), names, strict=True))
        tickets = {question.ticket_id for group in groups for question in group.questions if question.ticket_id}
        gaps = [await self._gap(group, named[group.id], len(tickets)) for group in standing]
        gaps.sort(key=lambda gap: (-gap.count, -gap.newest.timestamp(), gap.id))
        return GapReport(
            open=tuple(gap for gap in gaps if gap.answered_by is None),
            answered=tuple(gap for gap in gaps if gap.answered_by is not None),
            dismissed=len(groups) - len(standing),
            questions=sum(len(group.questions) for group in groups),
        )

    async def dismiss(self, gap_id: str, *, days: int = DAYS, dismissed: bool = True) -> None:
        """Say that nothing is to be written for a gap, or take that back. Raises `NotFoundError`."""
        group = await self._group(gap_id, days)
        await self._gaps.dismiss([question.key for question in group.questions], dismissed=dismissed)

    async def draft(self, gap_id: str, *, days: int = DAYS) -> Article:
        """An article begun for a gap: its question and other ways to ask, without an answer, a draft that nothing
        searches. It is not stored. Raises `NotFoundError`."""
        group = await self._group(gap_id, days)
        [name] = name_groups([[question.text for question in group.questions]])
        return draft_article(
            group.id,
            name=name,
            texts=[question.text for question in group.questions],
            language=group.questions[0].language,
            intent=_intent(group),
        )

    async def _group(self, gap_id: str, days: int) -> _Group:
        number = gap_id.removeprefix("gap-")
        if not number.isdecimal():
            raise InputError(f"{gap_id!r} is no gap. `agent-assist knowledge gaps` names them, such as gap-7.")
        for group in await self._groups(days):
            if any(question.key == int(number) for question in group.questions):
                return group
        raise NotFoundError(f"There is no gap {gap_id} in the last {days} days.")

    async def _groups(self, days: int) -> list[_Group]:
        await self._log_rejections()
        questions = await self._gaps.since(self._now() - timedelta(days=days), limit=_MOST)
        questions = await self._with_vectors(questions)
        grouping = Grouping([_comparable(question) for question in questions])
        for _ in grouping.steps():
            await asyncio.sleep(0)  # the window goes on meanwhile
        return [_Group(tuple(questions[place] for place in places)) for places in grouping.groups]

    async def _gap(self, group: _Group, name: str, tickets: int) -> Gap:
        questions, now = group.questions, self._now()
        own = {question.ticket_id for question in questions if question.ticket_id}
        nearest, answered = await self._look_again(group)
        ages = [now - question.at for question in questions]
        return Gap(
            id=group.id,
            name=name or questions[0].text[:40],
            language=questions[0].language,
            question=questions[0].text,
            count=len(questions),
            tickets=len(own),
            share=len(own) / tickets if tickets else 0.0,
            last_week=sum(age < _WEEK for age in ages),
            week_before=sum(_WEEK <= age < 2 * _WEEK for age in ages),
            newest=max(question.at for question in questions),
            examples=tuple(dict.fromkeys(question.ticket_id for question in questions if question.ticket_id))[
                :_EXAMPLES
            ],
            intent=_intent(group),
            nearest=nearest,
            answered_by=answered,
        )

    async def _look_again(self, group: _Group) -> tuple[NearArticle | None, NearArticle | None]:
        """The nearest article, and the one that answers most of the questions in the group's midst now."""
        midst = group.questions[:_CHECKED]
        best: list[NearArticle] = []
        answers: Counter[str] = Counter()
        for question in midst:
            hits = await self._knowledge.search_vector(question.text, question.vector, k=5)
            fresh = [hit for hit in hits if hit.passage.text not in question.shown]
            near = [
                NearArticle(doc_id=hit.passage.doc_id, title=hit.passage.title, score=hit.score) for hit in fresh[:1]
            ]
            best += near
            answers.update(one.doc_id for one in near if one.score >= self._settings.suggestion.minimum_relevance)
        if not best:
            return None, None
        nearest = max(best, key=lambda one: one.score)
        if 2 * answers.total() <= len(midst):
            return nearest, None
        [(doc_id, _)] = answers.most_common(1)
        return nearest, max((one for one in best if one.doc_id == doc_id), key=lambda one: one.score)

    async def _log_rejections(self) -> None:
        await self._gaps.forget_undone()
        for event in await self._gaps.new_rejections():
            try:
                ticket = await self._tickets.get(event.ticket_id)
            except NotFoundError:
                continue
            await self._log_ticket(
                ticket, event.message_index, event.ticket_version, source=GapSource.REJECTION, at=event.at, event=event
            )

    async def _log_ticket(
        self,
        ticket: Ticket,
        index: int,
        version: int,
        *,
        source: GapSource,
        at: datetime,
        event: FeedbackEvent | None = None,
        looked_at: Suggestion | None = None,
    ) -> None:
        readings = (await self._solved.asked(ticket.id)).readings
        asked = Asked(ticket=ticket, index=index, text=question_text(ticket, index), reading=readings.get(index))
        masker = ticket_masker(ticket, [reading.understanding for reading in readings.values()])
        question = await self._question(asked, masker.text(asked.text), source=source, at=at)
        suggestion = event.suggestion if event else looked_at
        shown = tuple(one.passage for one in suggestion.sources) if suggestion else ()
        await self._gaps.add(
            asked_by(ticket.id, version),
            replace(question, ticket_id=ticket.id, ticket_version=version, shown=shown),
            event_id=event.id if event else None,
        )

    async def _question(self, asked: Asked, masked: str, *, source: GapSource, at: datetime) -> UnansweredQuestion:
        encoded = await self._encode(asked)
        return UnansweredQuestion(
            source=source,
            text=masked,
            language=detect_language(asked.text),
            at=at,
            intents=profile_of(encoded.understanding) if encoded.understanding else (),
            vector=encoded.vector,
            model=encoded.model,
        )

    async def _encode(self, asked: Asked) -> Encoded:
        try:
            [encoded] = await self._encoder.encode([asked], priority=Priority.PREFETCH)
        except EngineError:
            return Encoded(understanding=asked.known, vector=b"", model="")
        return encoded

    async def _with_vectors(self, questions: list[UnansweredQuestion]) -> list[UnansweredQuestion]:
        """All with a vector of the encoder in use, made now where it is missing; without an engine none has one."""
        try:
            model = await self._encoder.model()
            bare = [question for question in questions if question.model != model]
            made = await self._encoder.embed([question.text for question in bare])
        except EngineError:
            return [replace(question, vector=b"") for question in questions]
        vectors = {question.key: vector for question, vector in zip(bare, made, strict=True)}
        if vectors:
            await self._gaps.keep_vectors(vectors, model=model)
        return [replace(one, vector=vectors.get(one.key, one.vector), model=model) for one in questions]


def _comparable(question: UnansweredQuestion) -> Question:
    return Question(
        side=Side(profile=question.intents, words=frozenset(question_words(question.text))), vector=question.vector
    )


def _intent(group: _Group) -> str:
    """What most of the questions want most."""
    counts = Counter(
        max(question.intents, key=lambda one: one[1])[0] for question in group.questions if question.intents
    )
    return counts.most_common(1)[0][0] if counts else ""
