"""What an agent does with the window, over the doubles."""

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from agent_assist.domain.events import DraftsPrepared, EngineState, EngineStateChanged
from agent_assist.domain.feedback import FeedbackKind
from agent_assist.domain.language import Language
from agent_assist.errors import StorageFaultError
from tests.helpers.modifiers import CTRL, SHIFT
from tests.ui.conftest import Desk
from ui.thread.presenter import Bubble

REFUND = "TK-1009"
PARCEL = "TK-1011"


def test_opening_a_ticket_shows_thread_order_and_suggestion(desk: Desk) -> None:
    desk.open(REFUND)
    view = desk.session.view
    assert view.composer.card.draft.toPlainText().startswith("Hello, thank you")
    assert len(desk.session.desk.composer.sources) == 3
    bubbles: list[Bubble] = desk.session.desk.thread.bubbles()
    assert bubbles[-1].understanding is not None
    order = desk.session.desk.card.order
    assert order is not None
    assert order.order_number == "GF2610180288"


def test_j_and_k_move_in_the_list(desk: Desk) -> None:
    tickets = desk.session.view.inbox.list
    tickets.setFocus()
    desk.press(tickets, Qt.Key.Key_J)
    first = desk.session.desk.inbox.selected_id
    desk.press(tickets, Qt.Key.Key_J)
    second = desk.session.desk.inbox.selected_id
    assert first != second
    assert tickets.currentIndex().row() == 1
    desk.press(tickets, Qt.Key.Key_K)
    assert desk.session.desk.inbox.selected_id == first


def test_the_filter_box_narrows_the_list(desk: Desk) -> None:
    desk.press(desk.window, Qt.Key.Key_F, CTRL)
    search = desk.session.view.inbox.filters.search
    assert search.hasFocus()
    desk.act(lambda: QTest.keyClicks(search, "Amelia"))
    desk.press(search, Qt.Key.Key_Return)
    assert desk.session.desk.inbox.total == 1
    assert desk.session.view.inbox.list.hasFocus()


def test_the_intent_is_corrected_by_typing(desk: Desk) -> None:
    desk.open(PARCEL)
    desk.press(desk.window, Qt.Key.Key_L, CTRL)
    picker = desk.session.view.conversation.corrections.picker
    assert picker is not None
    desk.act(lambda: QTest.keyClicks(picker.search, "refund prog"))
    desk.press(picker.search, Qt.Key.Key_Return)
    event = desk.services.shelf.log[-1]
    assert event.kind is FeedbackKind.INTENTS_CORRECTED
    assert event.intents == ("refund.status",)
    assert desk.session.desk.thread.intents_of(event.message_index) == ("refund.status",)


def test_several_intents_and_the_undo_of_them(desk: Desk) -> None:
    desk.open(PARCEL)
    index = desk.session.desk.thread.correct_index()
    assert index is not None
    before = desk.session.desk.thread.intents_of(index)
    desk.press(desk.window, Qt.Key.Key_L, CTRL)
    picker = desk.session.view.conversation.corrections.picker
    assert picker is not None
    for words in ("invoice", "late ship"):
        desk.act(lambda words=words: QTest.keyClicks(picker.search, words))
        desk.press(picker.search, Qt.Key.Key_Return, SHIFT)
    desk.press(picker.search, Qt.Key.Key_Return)
    assert set(desk.session.desk.thread.intents_of(index)) == {"invoice.request", "logistics.delay"}
    desk.act(desk.session.desk.history.undo)
    assert desk.session.desk.thread.intents_of(index) == before


def test_selected_text_becomes_an_entity(desk: Desk) -> None:
    desk.open(REFUND)
    bubble = desk.session.view.conversation._bubbles[0]
    place = bubble.bubble.message.text.index("Amelia")
    cursor = bubble.text.textCursor()
    cursor.setPosition(place)
    cursor.setPosition(place + len("Amelia Scott"), cursor.MoveMode.KeepAnchor)
    bubble.text.setTextCursor(cursor)
    desk.press(desk.window, Qt.Key.Key_E, CTRL)
    picker = desk.session.view.conversation.corrections.picker
    assert picker is not None
    desk.act(lambda: QTest.keyClicks(picker.search, "person"))
    desk.press(picker.search, Qt.Key.Key_Return)
    entities = desk.services.shelf.log[-1].entities
    assert entities is not None
    assert ("person", "Amelia Scott") in [(entity.type, entity.text) for entity in entities]


def test_an_order_number_opens_the_order(desk: Desk) -> None:
    desk.open(REFUND)
    bubble = desk.session.view.conversation._bubbles[0]
    assert bubble.bubble.understanding is not None
    entity = next(e for e in bubble.bubble.understanding.entities if e.type == "order_number")
    bubble.text.entity_clicked.emit(entity)
    assert desk.session.desk.card.order_focused


def test_the_language_changes_while_it_runs(desk: Desk) -> None:
    desk.open(REFUND)
    accept = desk.session.view.composer.card.accept
    assert accept.text() == "Send as it is"
    desk.act(lambda: desk.program.choose("ui.language", "zh"))
    assert accept.text() == "按原样发送"
    assert desk.window.windowTitle() == "客服助手"
    assert desk.services.settings.values["ui.language"] == "zh"
    assert desk.session.view.inbox.filters.sort.currentText() == "最先到期"


def test_the_theme_is_kept(desk: Desk) -> None:
    desk.act(lambda: desk.program.choose("ui.theme", "dark"))
    assert desk.program.look.palette.dark
    assert desk.services.settings.values["ui.theme"] == "dark"


def test_a_foreseen_error_is_a_sentence_that_can_be_dismissed(desk: Desk) -> None:
    async def full(ticket_id: str) -> None:
        raise StorageFaultError("The disk is full. Free some space, then try again.")

    desk.services.tickets.open = full  # type: ignore[assignment]
    desk.open(REFUND)
    assert desk.window.notice.isVisible()
    assert desk.window.notice.text.startswith("The disk is full")
    desk.act(lambda: desk.window.notice._close.click())
    assert not desk.window.notice.isVisible()


@pytest.mark.expects_warnings
def test_an_unexpected_error_is_shown_once(desk: Desk) -> None:
    async def broken(ticket_id: str) -> None:
        raise RuntimeError("a bug")

    desk.services.tickets.open = broken  # type: ignore[assignment]
    desk.open(REFUND)
    assert desk.window.notice.isVisible()
    desk.window.notice.hide()
    desk.open(PARCEL)
    assert not desk.window.notice.isVisible()


def test_pane_sizes_are_remembered(desk: Desk) -> None:
    columns = desk.session.view.columns
    columns.setSizes([400, 700, 340])
    wanted = columns.sizes()
    desk.session.view.remember()
    memory: QSettings = desk.window.memory
    columns.setSizes([300, 800, 340])
    columns.restoreState(memory.value("desk/columns"))
    assert columns.sizes() == wanted


def test_the_status_bar_says_how_many_drafts_are_ready(desk: Desk) -> None:
    bar = desk.window.status
    desk.services.events.publish(DraftsPrepared(ready=12, in_work=3))
    desk.settle()
    assert bar._prepared.text() == "12 drafts ready, 3 in work"
    desk.services.events.publish(DraftsPrepared(ready=13, in_work=2, paused=True))
    assert bar._prepared.text() == "13 drafts ready, 2 wait while you type"
    desk.window.i18n.switch(Language.ZH)
    assert bar._prepared.text() == "已备好 13 条回复，您输入时暂停准备其余 2 条"


def test_the_status_bar_says_that_another_model_writes_than_the_chosen_one(desk: Desk) -> None:
    bar = desk.window.status
    problem = "mine cannot be used, gemma3-270m writes instead: mine.gguf is cut off."
    state = EngineStateChanged(
        model="reply", state=EngineState.READY, device="cpu", detail=f"{problem} CPU", problem=problem
    )
    desk.services.events.publish(state)
    desk.settle()

    def told() -> list[tuple[str, str]]:
        return [(one.text(), one.toolTip()) for one in bar.findChildren(QLabel) if "mine.gguf" in one.toolTip()]

    [(line, tip)] = told()
    assert "the starter model writes instead" in line
    assert tip == f"{problem} CPU"
    desk.window.i18n.switch(Language.ZH)
    desk.settle()
    assert "暂由自带模型代写" in told()[-1][0]
    assert told()[-1][1].startswith("mine 无法使用，暂由 gemma3-270m 代写：")
    desk.services.events.publish(EngineStateChanged(model="reply", state=EngineState.READY, device="cpu", detail="CPU"))
    desk.settle()
    assert told() == []
