"""Writing an article: nothing that was typed is lost, and nobody's version goes over somebody else's unseen."""

from dataclasses import replace
from datetime import datetime

import pytest

from agent_assist.domain.article_versions import ProblemKind
from agent_assist.domain.knowledge import ArticleStatus
from agent_assist.domain.language import Language
from agent_assist.errors import StorageFaultError
from tests.ui.doubles.knowledge import ArticleDraftsDouble
from tests.ui.knowledge.conftest import Screen, article
from ui.knowledge.acts import ActKind
from ui.knowledge.editor.times import parse_time, time_text
from ui.knowledge.editor.unsaved import Unsaved


async def editing(screen: Screen, doc_id: str = "one") -> None:
    await screen.do(lambda: screen.presenter.open(doc_id))
    await screen.do(screen.presenter.edit)


async def test_an_edit_becomes_a_version_and_can_be_undone(screen: Screen) -> None:
    editor = screen.presenter.editor
    await editing(screen)
    assert not editor.changed
    editor.typed(text="New.", tags=("a",))
    await screen.do(editor.save)
    newest = screen.services.articles.versions["one"][-1]
    assert (newest.number, newest.article.text, newest.article.tags) == (2, "New.", ("a",))
    assert (editor.open, screen.presenter.acts.done.kind) == (False, ActKind.SAVED)
    assert screen.presenter.article.version == newest
    await screen.do(screen.presenter.acts.undo)
    assert screen.services.articles.versions["one"][-1].article.text == "The text of one."


async def test_a_pause_keeps_what_is_typed_and_a_restart_goes_on_with_it(screen: Screen) -> None:
    editor = screen.presenter.editor
    await editing(screen)
    editor.typed(text="Half a sen")
    assert not editor.kept
    await screen.do(editor.keep)
    assert editor.kept
    [draft] = screen.services.article_drafts.kept.values()
    assert (draft.key, draft.base, draft.article.text) == ("one", 1, "Half a sen")
    editor.typed(text="Half a sentence")
    await editor.finish()  # the window closes
    assert screen.services.article_drafts.kept["one"].article.text == "Half a sentence"
    await screen.do(screen.presenter.edit)
    assert editor.article is not None
    assert (editor.article.text, editor.resumed_at) == ("Half a sentence", draft.at)
    await screen.do(editor.save)
    assert screen.services.article_drafts.kept == {}


async def test_typing_back_to_what_is_saved_leaves_nothing_unsaved(screen: Screen) -> None:
    editor = screen.presenter.editor
    await editing(screen)
    editor.typed(text="x")
    await screen.do(editor.keep)
    editor.typed(text="The text of one.")
    await screen.do(editor.keep)
    assert screen.services.article_drafts.kept == {}


async def test_choosing_another_article_keeps_the_text(screen: Screen) -> None:
    editor = screen.presenter.editor
    await editing(screen)
    editor.typed(text="Mine")
    await screen.do(lambda: screen.presenter.catalogue.select("two"))
    assert not editor.open
    assert [draft.article.text for draft in editor.drafts] == ["Mine"]
    await screen.do(lambda: editor.resume(editor.drafts[0]))
    assert editor.article is not None
    assert editor.article.text == "Mine"
    assert editor.changed


async def test_a_new_article_is_created_and_undone(screen: Screen) -> None:
    editor = screen.presenter.editor
    await screen.do(lambda: screen.presenter.create(language=Language.ZH))
    assert [problem.kind for problem in editor.problems] == [ProblemKind.EMPTY, ProblemKind.EMPTY]
    editor.typed(title="新", text="正文")
    await screen.do(editor.save)
    made = screen.services.articles.versions["doc-3"][-1]
    assert (made.article.title, made.article.language, made.article.status) == ("新", Language.ZH, ArticleStatus.DRAFT)
    assert screen.presenter.article.doc_id == made.doc_id
    await screen.do(screen.presenter.acts.undo)
    assert screen.services.articles.versions[made.doc_id][-1].deleted


async def test_somebody_elses_version_is_shown_beside_and_nothing_is_lost(screen: Screen) -> None:
    editor = screen.presenter.editor
    await editing(screen)
    editor.typed(text="Mine of one.")
    await screen.do(editor.keep)
    theirs = screen.services.articles.put(article("one", text="Theirs of one."))
    await screen.do(editor.save)
    assert editor.theirs == theirs
    assert editor.article is not None
    assert editor.article.text == "Mine of one."
    assert screen.services.article_drafts.kept["one"].article.text == "Mine of one."
    [difference] = editor.differences
    assert {piece.text for piece in difference.pieces} >= {"Theirs", "Mine"}
    await screen.do(editor.save_over)
    texts = [version.article.text for version in screen.services.articles.versions["one"]]
    assert texts == ["The text of one.", "Theirs of one.", "Mine of one."]
    assert not editor.open


async def test_what_is_discarded_comes_back(screen: Screen) -> None:
    editor = screen.presenter.editor
    await editing(screen)
    editor.typed(text="Mine")
    await screen.do(editor.keep)
    await screen.do(editor.discard)
    assert (editor.open, screen.services.article_drafts.kept) == (False, {})
    await screen.do(editor.undo_discard)
    assert editor.article is not None
    assert editor.article.text == "Mine"
    assert "one" in screen.services.article_drafts.kept


async def test_text_that_was_discarded_before_the_first_pause_comes_back_too(screen: Screen) -> None:
    editor = screen.presenter.editor
    await editing(screen)
    editor.typed(text="Quick")
    await screen.do(editor.discard)
    await screen.do(editor.undo_discard)
    assert editor.article is not None
    assert editor.article.text == "Quick"


async def test_slots_are_filled_from_the_open_ticket_and_unknown_ones_told(screen: Screen) -> None:
    editor = screen.presenter.editor
    screen.ticket = "TK-1009"
    await editing(screen)
    editor.typed(text="Order {order_number}, {nonsense}")
    await screen.do(editor.preview)
    assert editor.filling.filled is not None
    assert editor.filling.filled.text == "Order GF2610180288, {nonsense}"
    assert (editor.filling.filled.open_words, editor.filling.ticket_id) == (("nonsense",), "TK-1009")
    [problem] = editor.problems
    assert (problem.kind, problem.detail, problem.fatal) == (ProblemKind.UNKNOWN_SLOT, "nonsense", False)
    editor.typed(text="No slots")
    await screen.do(editor.preview)
    assert editor.filling.filled is None


async def test_a_time_that_cannot_be_read_keeps_the_article_from_being_saved(screen: Screen) -> None:
    editor = screen.presenter.editor
    await editing(screen)
    editor.typed_time("valid_until", "2026-13")
    assert editor.bad_times == {"valid_until"}
    await screen.do(editor.save)
    assert len(screen.services.articles.versions["one"]) == 1
    editor.typed_time("valid_until", "2030-01-02")
    await screen.do(editor.save)
    assert screen.services.articles.versions["one"][-1].article.valid_until == parse_time("2030-01-02")


@pytest.mark.parametrize("text", ["2030-01-02", "2030-01-02 18:30"])
def test_times_are_written_as_they_are_read(text: str) -> None:
    assert time_text(parse_time(text)) == text
    assert parse_time(" ") is None
    assert parse_time("2030/01/02") == datetime(2030, 1, 2).astimezone()


async def test_a_draft_that_cannot_be_stored_is_told_and_stays_on_the_screen(screen: Screen) -> None:
    class Full(ArticleDraftsDouble):
        async def keep(self, *_args: object, **_fields: object) -> None:
            raise StorageFaultError("The disk is full.")

    editor = screen.presenter.editor
    editor._unsaved = Unsaved(Full())
    await editing(screen)
    editor.typed(text="Mine")
    await screen.do(editor.keep)
    assert [str(error) for error in screen.errors] == ["The disk is full."]
    assert editor.article is not None
    assert editor.article.text == "Mine"
    assert not editor.kept
    await screen.do(editor.leave)
    assert [draft.article.text for draft in editor.drafts] == ["Mine"]
    await screen.do(lambda: editor.resume(editor.drafts[0]))
    assert editor.article.text == "Mine"


async def test_a_gap_and_a_ticket_begin_an_article(screen: Screen) -> None:
    presenter = screen.presenter
    await screen.do(lambda: presenter.create_from_ticket("TK-1009"))
    assert presenter.editor.article is not None
    assert presenter.editor.article.text == "Your order {order_number} is under way."
    presenter.editor.typed(title="Changed")
    await screen.do(lambda: presenter.create(replace(article("gap-3"), question="Why?")))
    assert presenter.editor.article.question == "Why?"
    assert [draft.article.title for draft in screen.services.article_drafts.kept.values()] == ["Changed", "Gap-3"]
