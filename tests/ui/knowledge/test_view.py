"""The knowledge screen in the window: reached, read, written and reviewed with the keyboard."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QTextCursor, QTextDocument
from PySide6.QtTest import QTest

from agent_assist.domain.article_versions import VersionCause
from agent_assist.domain.knowledge import ArticleKind, ArticleStatus
from tests.helpers.modifiers import ALT, CTRL, SHIFT
from tests.ui.conftest import Desk
from tests.ui.doubles import ServicesDouble, sample_articles
from tests.ui.doubles.knowledge import conflict, gap
from ui.knowledge.article.presenter import Side, Span
from ui.knowledge.presenter import KnowledgePresenter, Room
from ui.knowledge.view import KnowledgeView

PARCEL = "TK-1011"
GUIDE = """# Shipping

Orders leave within **24 hours**.

| Region | Days |
|---|---|
| Europe | 7–15 |

![pixel](https://evil.example/pixel.png)
"""


class Shown:
    """The screen of a window over doubles."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        desk.press(desk.window, Qt.Key.Key_K, CTRL | SHIFT)

    @property
    def view(self) -> KnowledgeView:
        return self.desk.session.knowledge.view

    @property
    def presenter(self) -> KnowledgePresenter:
        return self.desk.session.knowledge.presenter

    def newest(self, doc_id: str) -> ArticleStatus:
        return self.desk.services.articles.versions[doc_id][-1].article.status

    def put(self, doc_id: str, **fields: object) -> None:
        """Somebody else changes an article."""
        articles = self.desk.services.articles
        last = articles.versions[doc_id][-1].article
        self.desk.act(lambda: articles.put(replace(last, **fields)))  # type: ignore[arg-type]

    def open(self, doc_id: str, span: Span | None = None) -> None:
        self.desk.act(lambda: self.presenter.open(doc_id, span))


@pytest.fixture
def shown(desk: Desk) -> Shown:
    return Shown(desk)


def test_a_key_opens_the_screen_with_the_keyboard_on_its_list(shown: Shown) -> None:
    table = shown.view.catalogue.table
    assert shown.view.isVisible()
    assert table.hasFocus()
    assert table.rows.rowCount() == len(sample_articles())
    shown.desk.press(table, Qt.Key.Key_J)
    first, second = shown.presenter.catalogue.row(0), shown.presenter.catalogue.row(1)
    assert first is not None
    assert second is not None
    assert shown.view.article.title.text() == second.article.title
    shown.desk.press(table, Qt.Key.Key_K)
    assert shown.view.article.title.text() == first.article.title
    shown.desk.press(shown.desk.window, Qt.Key.Key_D, CTRL | SHIFT)
    assert shown.desk.session.view.isVisible()


def test_letters_review_and_undo_takes_back(shown: Shown) -> None:
    table = shown.view.catalogue.table
    doc_id = shown.presenter.catalogue.selected_id
    shown.desk.press(table, Qt.Key.Key_B)
    assert shown.newest(doc_id) is ArticleStatus.BLOCKED
    assert "blocked" in shown.desk.window.toast.text
    shown.desk.press(table, Qt.Key.Key_D)
    assert shown.newest(doc_id) is ArticleStatus.DRAFT
    shown.desk.press(shown.desk.window, Qt.Key.Key_1, ALT)
    assert shown.newest(doc_id) is ArticleStatus.APPROVED
    shown.desk.press(shown.desk.window, Qt.Key.Key_Z, CTRL)
    assert shown.newest(doc_id) is ArticleStatus.DRAFT


def test_the_selection_is_reviewed_as_a_whole(shown: Shown) -> None:
    table = shown.view.catalogue.table
    for _ in range(3):
        shown.desk.press(table, Qt.Key.Key_Down, SHIFT)
    bulk = shown.view.catalogue._bulk
    assert bulk.isVisible()
    assert shown.view.catalogue._chosen.text() == "4 chosen"
    shown.desk.press(table, Qt.Key.Key_B)
    blocked = [doc_id for doc_id in shown.desk.services.articles.versions if shown.newest(doc_id) == "blocked"]
    assert len(blocked) == 4
    assert shown.desk.window.toast.text == "4 articles blocked."
    shown.desk.act(shown.desk.window.toast.undo_asked.emit)
    assert not [doc_id for doc_id in blocked if shown.newest(doc_id) == "blocked"]


def test_reviewing_goes_on_with_the_next_draft(open_desk: Callable[..., Desk]) -> None:
    services = ServicesDouble()
    drafts = list(services.articles.versions)[:3]
    for doc_id in drafts:
        last = services.articles.versions[doc_id][-1]
        services.articles.put(replace(last.article, status=ArticleStatus.DRAFT))
    shown = Shown(open_desk(services))
    catalogue = shown.view.catalogue
    review = next(tab for shelf, tab in catalogue.filters.shelves.items() if shelf == "review")
    assert review.text() == "To review 3"
    shown.desk.act(review.click)
    shown.desk.act(catalogue.focus_list)
    for _ in drafts:
        shown.desk.press(catalogue.table, Qt.Key.Key_A)
    assert {shown.newest(doc_id) for doc_id in drafts} == {ArticleStatus.APPROVED}
    assert catalogue.empty.isVisible()


def test_an_article_is_laid_out_and_loads_nothing(shown: Shown) -> None:
    doc_id = next(iter(shown.desk.services.articles.versions))
    shown.put(doc_id, kind=ArticleKind.ARTICLE, text=GUIDE)
    start = GUIDE.index("24 hours")
    shown.open(doc_id, Span(start, start + 8))
    text = shown.view.article.text
    assert "Orders leave within 24 hours." in text.toPlainText()
    assert "[pixel]" in text.toPlainText()
    assert "**" not in text.toPlainText()
    cursor = QTextCursor(text.document())
    cursor.setPosition(text.toPlainText().index("24 hours") + 1)
    assert cursor.charFormat().background().color() == shown.desk.window.look.colour("entity_money")
    resource = text.document().resource(
        QTextDocument.ResourceType.ImageResource.value, QUrl("https://evil.example/pixel.png")
    )
    assert resource is None
    assert "<img" not in text.toHtml()


def test_an_article_is_written_with_slots_and_saved_by_keys(shown: Shown) -> None:
    desk = shown.desk
    desk.press(desk.window, Qt.Key.Key_N, CTRL)
    form = shown.view.editor.form
    assert form.lines["title"].hasFocus()
    desk.act(lambda: QTest.keyClicks(form.lines["title"], "Parcel"))
    form.text.setFocus()
    desk.act(lambda: QTest.keyClicks(form.text, "Order {ord"))
    assert form.text.popup.isVisible()
    desk.act(lambda: QTest.keyClick(form.text.popup, Qt.Key.Key_Return))
    assert form.text.toPlainText() == "Order {order_number}"
    desk.act(lambda: QTest.keyClicks(form.text, " {what}"))
    desk.act(shown.view.editor._paused)
    assert len(form.text.extraSelections()) == 1
    assert shown.view.editor.preview.isVisible()
    assert "{what}" in shown.view.editor._problems.text()
    desk.press(desk.window, Qt.Key.Key_S, CTRL)
    made = desk.services.articles.versions[shown.presenter.article.doc_id][-1]
    assert (made.article.title, made.article.text) == ("Parcel", "Order {order_number} {what}")
    assert shown.view.catalogue.table.hasFocus()


def test_escape_leaves_the_text_as_unsaved_and_a_link_goes_on(shown: Shown) -> None:
    desk = shown.desk
    desk.press(shown.view.catalogue.table, Qt.Key.Key_Return)
    form = shown.view.editor.form
    desk.act(lambda: QTest.keyClicks(form.text, "Mine. "))
    desk.press(form.text, Qt.Key.Key_Escape)
    assert not shown.view.editor.isVisible()
    assert shown.view.catalogue._unsaved.isVisible()
    desk.act(lambda: shown.presenter.editor.resume(shown.presenter.editor.drafts[0]))
    assert form.text.toPlainText().startswith("Mine. ")
    assert shown.view.editor._resumed.isVisible()


def test_a_clash_shows_both_texts(shown: Shown) -> None:
    desk, doc_id = shown.desk, shown.presenter.catalogue.selected_id
    desk.press(desk.window, Qt.Key.Key_F2)
    form = shown.view.editor.form
    desk.act(lambda: form.text.setPlainText("Mine."))
    shown.put(doc_id, text="Theirs.")
    desk.press(desk.window, Qt.Key.Key_S, CTRL)
    clash = shown.view.editor.clash
    assert clash.isVisible()
    assert "Bo" in clash._sentence.text()
    assert (clash.theirs.toPlainText(), form.text.toPlainText()) == ("Theirs.", "Mine.")
    assert "[−Theirs−][+Mine+]" in clash.differences.toPlainText()
    desk.act(clash.over.click)
    texts = [version.article.text for version in desk.services.articles.versions[doc_id]]
    assert texts[-2:] == ["Theirs.", "Mine."]


def test_versions_show_their_differences_by_sign_and_come_back(shown: Shown) -> None:
    desk, doc_id = shown.desk, shown.presenter.catalogue.selected_id
    first = desk.services.articles.versions[doc_id][-1].article
    shown.put(doc_id, title="Another title", owner="Bo")
    desk.act(lambda: shown.presenter.article.show(Side.VERSIONS))
    versions = shown.view.article.versions
    assert versions.list.count() == 2
    assert "[+Another title+]" in versions.diff.toPlainText()
    assert not versions.restore.isEnabled()
    desk.act(lambda: versions.list.setCurrentRow(1))
    desk.act(versions.restore.click)
    newest = desk.services.articles.versions[doc_id][-1]
    assert (newest.cause, newest.article.title) == (VersionCause.RESTORE, first.title)


def test_a_cited_source_opens_at_its_passage(desk: Desk) -> None:
    desk.open(PARCEL)
    desk.act(lambda: desk.session.desk.composer.expand(0))
    source = desk.session.desk.composer.sources[0]
    desk.act(lambda: desk.session.view.composer.card.sources.article_asked.emit(source))
    presenter = desk.session.knowledge.presenter
    assert desk.session.knowledge.view.isVisible()
    assert (presenter.article.doc_id, presenter.article.span) == (source.doc_id, Span(source.start, source.end))


def test_a_citing_reply_leads_to_its_ticket(shown: Shown) -> None:
    shown.desk.services.citations.cite(PARCEL, "a passage")
    shown.desk.act(lambda: shown.presenter.article.show(Side.CITED))
    item = shown.view.article.cited.list.item(0)
    assert item is not None
    shown.desk.act(lambda: shown.view.article.cited.list.itemActivated.emit(item))
    assert shown.desk.session.view.isVisible()
    assert shown.desk.session.desk.inbox.selected_id == PARCEL


def test_conflicts_and_gaps_are_shown_and_lead_to_articles(open_desk: Callable[..., Desk]) -> None:
    services = ServicesDouble()
    services.conflicts.found, services.gaps.found = [conflict()], [gap()]
    shown = Shown(open_desk(services))
    desk, presenter = shown.desk, shown.presenter
    desk.press(desk.window, Qt.Key.Key_PageDown, CTRL)
    assert presenter.room is Room.CONFLICTS
    assert shown.view.tabs[Room.CONFLICTS].text() == "Conflicts (1)"
    desk.press(desk.window, Qt.Key.Key_PageDown, CTRL)
    assert shown.view.tabs[Room.GAPS].text() == "Gaps (1)"
    desk.act(lambda: presenter.gaps.write(gap()))
    assert shown.view.editor.isVisible()
    assert shown.view.editor.form.lines["question"].text() == "Do you deliver to the moon?"
    desk.act(lambda: shown.view.gaps.ticket_asked.emit("TK-1009"))
    assert desk.session.desk.inbox.selected_id == "TK-1009"


def test_a_search_is_tried_from_anywhere(desk: Desk) -> None:
    desk.press(desk.window, Qt.Key.Key_F, CTRL | SHIFT)
    view = desk.session.knowledge.view
    assert view.trial.question.hasFocus()
    desk.act(lambda: view.trial.question.setText("refund"))
    desk.press(view.trial.question, Qt.Key.Key_Return)
    assert "relevant enough" in view.trial._summary.text()
    [hit, *_] = desk.session.knowledge.presenter.trial.hits
    desk.act(lambda: view.trial.opened.emit(hit))
    assert desk.session.knowledge.presenter.article.doc_id == hit.passage.doc_id


def test_ticket_keys_do_not_act_on_the_knowledge_screen(shown: Shown) -> None:
    shown.desk.press(shown.desk.window, Qt.Key.Key_A, ALT)
    assert shown.desk.services.shelf.log == []
    shown.desk.act(shown.desk.session.show_desk)
    versions = sum(map(len, shown.desk.services.articles.versions.values()))
    shown.desk.press(shown.desk.window, Qt.Key.Key_1, ALT)
    assert sum(map(len, shown.desk.services.articles.versions.values())) == versions


def test_an_empty_knowledge_says_what_to_do(open_desk: Callable[..., Desk]) -> None:
    services = ServicesDouble()
    services.articles.versions.clear()
    shown = Shown(open_desk(services))
    assert shown.view.catalogue.empty.isVisible()
    shown.desk.act(shown.view.catalogue._write.click)
    assert shown.view.editor.isVisible()


def test_a_filter_that_finds_nothing_is_cleared_by_its_button(shown: Shown) -> None:
    catalogue = shown.view.catalogue
    shown.desk.act(lambda: catalogue.filters.search.setText("zzzz"))
    shown.desk.press(catalogue.filters.search, Qt.Key.Key_Return)
    assert catalogue.empty.isVisible()
    shown.desk.act(catalogue._clear.click)
    assert not catalogue.empty.isVisible()
    assert catalogue.filters.search.text() == ""


def test_an_editor_stays_open_when_its_article_leaves_the_list(shown: Shown) -> None:
    desk, catalogue = shown.desk, shown.presenter.catalogue
    desk.act(lambda: catalogue.search("refund"))
    desk.act(shown.view.catalogue.focus_list)
    desk.act(lambda: shown.view.catalogue.table.move_by(1))
    doc_id = catalogue.selected_id
    desk.press(desk.window, Qt.Key.Key_F2)
    total = catalogue.total
    shown.put(doc_id, title="x", text="y", question="", variants=())
    assert catalogue.total == total - 1
    assert shown.view.editor.isVisible()
    assert shown.presenter.editor.key == doc_id


def test_the_toasts_undo_is_of_what_the_toast_tells(desk: Desk) -> None:
    desk.open(PARCEL)
    desk.press(desk.window, Qt.Key.Key_A, ALT)
    desk.act(desk.session.show_knowledge)
    desk.act(desk.window.toast.undo_asked.emit)
    assert desk.services.shelf.log[-1].undoes == desk.services.shelf.log[0].id
    assert desk.services.articles.asked


def test_a_source_is_forgotten_by_a_second_press_only(open_desk: Callable[..., Desk]) -> None:
    services = ServicesDouble()
    services.indexing.add("/shop")
    services.indexing.add("/other")
    shown = Shown(open_desk(services))
    view = shown.view.sources
    shown.desk.act(lambda: shown.presenter.enter(Room.SOURCES))
    shown.desk.act(view.remove.click)
    assert view.remove.text() == "Take 7 articles out? Press again"
    shown.desk.act(lambda: view.list.setCurrentRow(1))  # another source is another question
    shown.desk.act(view.remove.click)
    assert list(services.indexing.found) == ["/shop", "/other"]
    shown.desk.act(view.remove.click)
    assert list(services.indexing.found) == ["/shop"]
