"""Where the sources do not answer there is no draft, but what is missing and a question to ask back."""

from pathlib import Path

from agent_assist.cli.suggest import as_record
from agent_assist.composition import App
from agent_assist.domain.feedback import FeedbackKind
from agent_assist.domain.gaps import GapSource
from agent_assist.domain.suggestion import NoneReason, Suggestion, SuggestionKind
from agent_assist.engine.testing import HEDGE
from agent_assist.learning.rows import TicketHistory, sft_rows
from tests.helpers.shop import open_shop


async def finished(app: App, ticket_id: str = "t-return") -> Suggestion:
    return await app.suggestions.finished(ticket_id)


async def test_sources_that_do_not_answer_make_a_question(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        engine.answerable = lambda _order: 0.2
        suggestion = await finished(app)
        assert (suggestion.kind, suggestion.reason) == (SuggestionKind.NONE, NoneReason.NOT_ANSWERED)
        assert (suggestion.draft, suggestion.clarifying, suggestion.answerable) == ("", HEDGE, 0.2)
        assert "art-return" in {source.doc_id for source in suggestion.sources}
        assert await app.suggestions.finished("t-return") == suggestion  # kept
        assert len(engine.orders) == 1


async def test_sources_that_answer_make_a_draft(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        engine.answerable = lambda _order: 0.8
        suggestion = await finished(app)
        assert (suggestion.kind, suggestion.clarifying, suggestion.answerable) == (SuggestionKind.GENERATED, "", 0.8)


async def test_a_draft_that_was_misread_ends_in_the_words_of_its_source(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        engine.answers.append("Returns are free for 99 days.")
        engine.quotes.append("Hello! Unused items go back within 7 days.")
        suggestion = await finished(app)
        assert (suggestion.kind, suggestion.quoted) == (SuggestionKind.GENERATED, True)
        assert suggestion.draft == "Hello! Unused items go back within 7 days."
        assert await app.suggestions.finished("t-return") == suggestion  # kept
        assert as_record(suggestion)["quoted"] is True


async def test_the_setting_moves_the_threshold(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        engine.answerable = lambda _order: 0.2
        app.settings.set("suggestion.minimum_answerable", 0.0)
        assert (await finished(app)).kind is SuggestionKind.GENERATED
        assert engine.orders[-1].hedge_below == 0.0


async def test_a_model_that_does_not_tell_drafts_as_before(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, _):
        suggestion = await finished(app)
        assert (suggestion.kind, suggestion.answerable) == (SuggestionKind.GENERATED, None)


async def test_without_words_of_the_models_a_reviewed_phrase_asks(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        engine.answerable = lambda _order: 0.2
        engine.hedges.append("")
        assert "order number" in (await finished(app)).clarifying


async def test_an_invented_fact_in_the_question_is_marked(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        engine.answerable = lambda _order: 0.2
        engine.hedges.append("Our notes do not say. Is it the $99 bag?")
        suggestion = await finished(app)
        assert [suggestion.text[one.start : one.end] for one in suggestion.unsupported] == ["$99"]


async def test_where_nothing_is_found_the_missing_order_is_asked_for(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, _):
        app.settings.set("suggestion.minimum_relevance", 1.0)
        suggestion = await finished(app, "t-return")
        assert (suggestion.reason, suggestion.sources) == (NoneReason.NOTHING_FOUND, ())
        assert "order number" in suggestion.clarifying


async def test_out_of_scope_asks_nothing(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, _):
        suggestion = await finished(app, "t-oos")
        assert (suggestion.reason, suggestion.clarifying) == (NoneReason.OUT_OF_SCOPE, "")


async def test_what_was_not_answered_is_a_gap_that_the_same_passages_do_not_close(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        engine.answerable = lambda _order: 0.2
        suggestion = await finished(app)
        report = await app.gaps.report()
        [gap] = report.open
        assert gap.examples == ("t-return",)
        [question] = await app.gaps._gaps.since(app.gaps._now().replace(year=2020), limit=5)
        assert question.source is GapSource.SILENCE
        assert question.shown == tuple(source.passage for source in suggestion.sources)


async def test_the_log_tells_a_taken_question_from_an_own_reply(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, engine):
        engine.answerable = lambda _order: 0.2
        suggestion = await finished(app)
        taken = await app.feedback.accept(suggestion)
        assert (taken.kind, taken.final_text) == (FeedbackKind.ACCEPTED, HEDGE)
        await app.feedback.undo(taken.id)
        view = await app.tickets.open("t-return")
        assert view.suggestion is not None
        own = await app.feedback.send("t-return", "It costs nothing.", suggestion=view.suggestion)
        assert own.kind is FeedbackKind.WRITTEN
        assert own.suggestion is not None
        assert own.suggestion.reason is NoneReason.NOT_ANSWERED
        # What the agent knew by heart must not teach that it stood in the sources.
        history = TicketHistory(ticket=view.ticket, understandings=view.understandings, events=(own,))
        [row] = sft_rows(history)
        assert "Return shipping costs" not in str(row)
