"""`agent-assist suggest`: a grounded reply with its sources for each thread, or several, or one as it is wished for."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from agent_assist.cli.rejections import finish, tell
from agent_assist.cli.session import Session, pass_session
from agent_assist.cli.threads import Thread, read_threads
from agent_assist.composition import App
from agent_assist.domain.language import Language
from agent_assist.domain.next_action import ActionKind, NextAction, action_name, action_reason
from agent_assist.domain.suggestion import Suggestion
from agent_assist.domain.wording import Tone, Wish
from agent_assist.errors import EngineUnavailableError
from agent_assist.services.suggestions import CandidatesReady, CandidateStep

MOST_CANDIDATES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a thread got: the suggestion, and with several candidates all of them and whether there are no more."""

    suggestion: Suggestion
    candidates: tuple[Suggestion, ...] = ()
    exhausted: bool = False


@click.command()
@click.option("--input", "source", type=click.Path(path_type=Path), help="JSONL rows: id and text.")
@click.option("--ticket", "ticket_id", metavar="ID", help="A stored ticket instead; its suggestion is kept.")
@click.option(
    "--candidates", type=click.IntRange(1, MOST_CANDIDATES), default=1, show_default=True, help="Different replies."
)
@click.option("--hint", default="", help='What the reply has to say, which counts as true: "it ships tomorrow".')
@click.option(
    "--tone", type=click.Choice([tone.value for tone in Tone]), help="Tone; that of suggestion.tone if left out."
)
@pass_session
def suggest(
    session: Session, source: Path | None, ticket_id: str | None, candidates: int, hint: str, tone: str | None
) -> None:
    """Suggest a reply to each thread, with the passages it rests on."""
    if (source is None) == (ticket_id is None):
        raise click.UsageError("Give --input or --ticket, one of them.")
    wish = Wish(tone=Tone(tone) if tone else None, hint=hint)

    async def stored(app: App, ticket: str) -> int:
        if candidates > 1:
            answer = await _all(app.suggestions.candidates(ticket, count=candidates, wish=wish))
        else:
            answer = Answer(suggestion=await app.suggestions.finished(ticket, wish=wish))
        await _tell(session, app, ticket, answer)
        return 0

    async def rows(app: App, path: Path) -> int:
        rejected = 0
        for row in read_threads(path):
            if not isinstance(row, Thread):
                tell(session.output, row)
                rejected += 1
                continue
            answer = Answer(suggestion=await app.suggester.suggest(row.ticket, wish=wish))
            if candidates > 1 and answer.suggestion.reason != "engine_unavailable":
                steps = app.candidates.steps(row.ticket, answer.suggestion, count=candidates, wish=wish)
                answer = await _all(steps)
            await _tell(session, app, row.id, answer)
        return rejected

    def work(app: App) -> Any:
        return rows(app, source) if source is not None else stored(app, ticket_id or "")

    finish(session.run(work, engine=True))


async def _all(steps: AsyncGenerator[CandidateStep, None]) -> Answer:
    async with aclosing(steps):
        async for step in steps:
            if isinstance(step, CandidatesReady):
                return Answer(suggestion=step.candidates[0], candidates=step.candidates, exhausted=step.exhausted)
    raise EngineUnavailableError("The candidates were not finished. Ask again.")


async def _tell(session: Session, app: App, name: str | int, answer: Answer) -> None:
    if answer.suggestion.reason == "engine_unavailable":
        raise EngineUnavailableError(await app.engine_problem())
    if session.output.as_json:
        record = {"id": name} | as_record(answer.suggestion)
        if answer.candidates:
            record["candidates"] = [as_record(one) for one in answer.candidates]
            record["no_other_answer"] = answer.exhausted
        session.output.record(record)
        return
    for number, one in enumerate(answer.candidates or (answer.suggestion,), start=1):
        show(session, f"{name} ({number})" if answer.candidates else str(name), one)
    if answer.exhausted:
        session.output.say("  The model has no other answer.")


def as_record(suggestion: Suggestion) -> dict[str, Any]:
    """The contract's fields, what was wished for, and the reason where there is no draft."""
    first = suggestion.first_token_ms
    record: dict[str, Any] = {
        "kind": suggestion.kind,
        "draft": suggestion.draft,
        "sources": [
            {
                "doc_id": source.doc_id,
                "title": source.title,
                "passage": source.passage,
                "start": source.start,
                "end": source.end,
            }
            for source in suggestion.sources
        ],
        "unsupported": [{"start": one.start, "end": one.end, "reason": one.reason} for one in suggestion.unsupported],
        "sentences": [
            {
                "start": one.start,
                "end": one.end,
                "source": one.source,
                "source_start": None if one.source is None else one.source_start,
                "source_end": None if one.source is None else one.source_end,
                "free": one.free,
            }
            for one in suggestion.sentences
        ],
        "first_token_ms": None if first is None else round(first, 1),
        "total_ms": round(suggestion.total_ms, 1),
    }
    return record | dict(_extras(suggestion))


def _extras(suggestion: Suggestion) -> Iterator[tuple[str, object]]:
    if suggestion.reason:
        yield "reason", suggestion.reason
    if suggestion.tone is not Tone.PLAIN:
        yield "tone", suggestion.tone
    if suggestion.wish.hint:
        yield "hint", suggestion.wish.hint
    if suggestion.clarifying:
        yield "clarifying", suggestion.clarifying
    if suggestion.answerable is not None:
        yield "answerable", round(suggestion.answerable, 4)
    if suggestion.quoted:
        yield "quoted", True
    if suggestion.next_action:
        yield "next_action", action_record(suggestion.next_action)


def action_record(action: NextAction) -> dict[str, Any]:
    """The action, why in both languages, what to write, and what a note is prefilled with."""
    record: dict[str, Any] = {
        "action": action.kind,
        "reason": action.reason,
        "why": {language.value: action_reason(action, language) for language in Language},
    }
    record |= {"text": action.text} if action.text else {}
    record |= {"fields": dict(action.fields)} if action.fields else {}
    return record | ({"doc_id": action.doc_id} if action.doc_id else {})


def show(session: Session, name: str, suggestion: Suggestion) -> None:
    """A suggestion for people."""
    output = session.output
    timing = f"{suggestion.total_ms:.0f} ms"
    output.say(f"\n{name}  [{suggestion.kind}{f': {suggestion.reason}' if suggestion.reason else ''}, {timing}]")
    if suggestion.draft:
        output.say(suggestion.draft)
    if suggestion.reason == "not_answered":
        output.say("The sources do not answer this. They were looked at:")
    for one in suggestion.unsupported:
        output.say(f"  ! not in the sources: {suggestion.text[one.start : one.end]} ({one.reason})")
    for sentence in suggestion.sentences:
        if sentence.source is None and not sentence.free:
            output.say(f"  ? rests on no source: {suggestion.text[sentence.start : sentence.end]}")
    for source in suggestion.sources:
        output.say(f"  - {source.title} ({source.doc_id})")
    if suggestion.clarifying:
        output.say(f"  ? to ask the customer: {suggestion.clarifying}")
    if suggestion.next_action and suggestion.next_action.kind is not ActionKind.NOTHING:
        action = suggestion.next_action
        output.say(f"  > {action_name(action.kind, Language.EN)}: {action_reason(action, Language.EN)}")
