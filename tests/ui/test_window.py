"""What an agent does with the window, over the doubles."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFrame, QLabel

from agent_assist.domain.events import DraftsPrepared, EngineState, EngineStateChanged
from agent_assist.domain.feedback import FeedbackKind, RejectReason
from agent_assist.domain.language import Language
from agent_assist.domain.next_action import ActionKind, NextAction
from agent_assist.domain.suggestion import NoneReason, SentenceSource, SuggestionKind
from agent_assist.domain.tickets import TicketState
from agent_assist.errors import StorageFaultError
from tests.ui.conftest import Desk
from tests.ui.doubles import ServicesDouble, drafted, not_answered
from ui.composer.presenter import Phase
from ui.thread.presenter import Bubble

CTRL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
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


def test_one_key_sends_the_suggestion_and_goes_on(desk: Desk) -> None:
    desk.open(PARCEL)
    following = desk.session.desk.inbox.successor()
    draft = desk.session.desk.composer.draft
    desk.press(desk.window, Qt.Key.Key_A, ALT)
    ticket = desk.services.shelf.tickets[PARCEL]
    assert ticket.messages[-1].text == draft
    assert ticket.state is TicketState.ANSWERED
    assert following is not None
    assert desk.session.desk.inbox.selected_id == following.id
    assert desk.session.desk.inbox.total == 39
    assert desk.window.toast.isVisible()


def test_the_second_key_for_accepting_does_the_same(desk: Desk) -> None:
    desk.open(PARCEL)
    desk.press(desk.window, Qt.Key.Key_A, CTRL | SHIFT)
    assert desk.services.shelf.log[-1].kind is FeedbackKind.ACCEPTED


def test_tab_takes_the_suggestion_over_and_ctrl_enter_sends_it_edited(desk: Desk) -> None:
    desk.open(REFUND)
    editor = desk.session.view.composer.editor
    editor.setFocus()
    desk.press(editor, Qt.Key.Key_Tab)
    assert editor.toPlainText() == desk.session.desk.composer.draft
    desk.write(" Best wishes.")
    desk.press(editor, Qt.Key.Key_Return, CTRL)
    event = desk.services.shelf.log[-1]
    assert event.kind is FeedbackKind.EDITED
    assert event.final_text is not None
    assert event.final_text.endswith(" Best wishes.")
    assert editor.toPlainText() == ""


def test_ctrl_enter_takes_into_an_empty_editor(desk: Desk) -> None:
    desk.open(REFUND)
    desk.press(desk.window, Qt.Key.Key_Return, CTRL)
    assert desk.session.view.composer.editor.toPlainText() == desk.session.desk.composer.draft
    assert desk.services.shelf.log == []


def test_a_suggestion_never_overwrites_what_was_typed(desk: Desk) -> None:
    desk.open(REFUND)
    desk.write("my own words")
    desk.act(lambda: desk.session.desk.composer.ask(again=True))
    desk.act(desk.session.view.composer.take)
    assert desk.session.view.composer.editor.toPlainText() == "my own words"


def test_sending_over_own_words_needs_a_second_press(desk: Desk) -> None:
    desk.open(REFUND)
    desk.write("my own words")
    desk.press(desk.window, Qt.Key.Key_A, ALT)
    assert desk.services.shelf.log == []
    assert desk.session.view.composer.card.doubt.isVisible()
    desk.press(desk.window, Qt.Key.Key_A, ALT)
    assert desk.services.shelf.log[-1].kind is FeedbackKind.ACCEPTED


def test_unsupported_facts_need_a_second_press(open_desk: Callable[..., Desk]) -> None:
    services = ServicesDouble()
    services.suggestions.kinds[REFUND] = drafted(services.shelf.tickets[REFUND], doubtful=True)
    desk = open_desk(services)
    desk.open(REFUND)
    desk.press(desk.window, Qt.Key.Key_A, ALT)
    assert services.shelf.log == []
    desk.press(desk.window, Qt.Key.Key_A, ALT)
    assert services.shelf.log[-1].kind is FeedbackKind.ACCEPTED


def test_doubts_of_an_edited_text_are_marked_named_and_confirmed(desk: Desk) -> None:
    desk.open(REFUND)
    view = desk.session.view.composer
    desk.write("We refund $77.")
    desk.act(desk.session.desk.composer.look_over)
    [mark] = view.editor.extraSelections()
    assert mark.cursor.selectedText() == "$77"
    assert "$77" in view.doubt.text()
    desk.press(desk.window, Qt.Key.Key_Return, CTRL)
    assert desk.services.shelf.log == []
    desk.press(desk.window, Qt.Key.Key_Return, CTRL)
    assert desk.services.shelf.log[-1].kind is FeedbackKind.EDITED
    assert not view.doubt.isVisible()


def test_a_sentence_that_is_pointed_at_marks_its_source(open_desk: Callable[..., Desk]) -> None:
    services = ServicesDouble()
    made = drafted(services.shelf.tickets[REFUND])
    sentences = (
        SentenceSource(start=0, end=5),
        SentenceSource(start=5, end=20, source=1, source_start=made.sources[1].start, source_end=9),
    )
    services.suggestions.kinds[REFUND] = replace(made, sentences=sentences)
    desk = open_desk(services)
    desk.open(REFUND)
    card = desk.session.view.composer.card
    assert card.bare.isVisible()
    desk.act(lambda: card.draft.pointed.emit(7))
    rows = [row for row in card.sources.findChildren(QFrame, "sourceRow") if row.isVisible()]
    assert [row.property("cited") for row in rows] == [False, True, False]


def test_ctrl_r_and_a_digit_reject_with_a_reason(desk: Desk) -> None:
    desk.open(REFUND)
    desk.press(desk.window, Qt.Key.Key_R, CTRL)
    reasons = desk.session.view.composer.card.reasons
    assert reasons.isVisible()
    desk.press(reasons, Qt.Key.Key_4)
    assert desk.services.shelf.log[-1].reason is RejectReason.WRONG_TONE
    assert desk.session.desk.composer.phase is Phase.REJECTED
    assert desk.session.view.composer.editor.hasFocus()


def test_escape_opens_and_closes_the_reasons(desk: Desk) -> None:
    desk.open(REFUND)
    composer = desk.session.view.composer
    composer.editor.setFocus()
    desk.press(composer.editor, Qt.Key.Key_Escape)
    assert composer.card.reasons.isVisible()
    desk.press(composer.card.reasons, Qt.Key.Key_Escape)
    assert not composer.card.reasons.isVisible()
    assert desk.services.shelf.log == []


@pytest.mark.parametrize("how", ["key", "toast"])
def test_a_sent_reply_is_taken_back(desk: Desk, how: str) -> None:
    desk.open(PARCEL)
    before = desk.services.shelf.tickets[PARCEL]
    desk.press(desk.window, Qt.Key.Key_A, ALT)
    if how == "key":
        editor = desk.session.view.composer.editor
        editor.setFocus()
        desk.press(editor, Qt.Key.Key_Z, CTRL)
    else:
        desk.act(lambda: desk.window.toast._undo.click())
    after = desk.services.shelf.tickets[PARCEL]
    assert (after.messages, after.state) == (before.messages, before.state)
    assert desk.session.desk.inbox.selected_id == PARCEL


def test_an_edited_reply_comes_back_into_the_editor(desk: Desk) -> None:
    desk.open(REFUND)
    desk.write("my own words")
    desk.act(desk.session.desk.composer.save)
    desk.press(desk.window, Qt.Key.Key_Return, CTRL)
    desk.act(desk.session.desk.history.undo)
    assert desk.session.view.composer.editor.toPlainText() == "my own words"


def test_ctrl_z_in_a_text_is_the_editors_own(desk: Desk) -> None:
    desk.open(PARCEL)
    desk.press(desk.window, Qt.Key.Key_A, ALT)
    desk.write("typed")
    editor = desk.session.view.composer.editor
    desk.press(editor, Qt.Key.Key_Z, CTRL)
    assert editor.toPlainText() == ""
    assert len(desk.services.shelf.live()) == 1


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


def test_engine_down_and_back_keeps_the_text_and_asks_again(desk: Desk) -> None:
    desk.act(lambda: desk.services.engine(EngineState.RESTARTING))
    desk.open(REFUND)
    assert desk.session.desk.composer.phase is Phase.AWAY
    desk.write("meanwhile")
    assert desk.session.view.composer.editor.isEnabled()
    desk.act(lambda: desk.services.engine(EngineState.READY, detail="CPU"))
    assert desk.session.desk.composer.phase is Phase.READY
    assert desk.session.view.composer.editor.toPlainText() == "meanwhile"
    assert 0 in [bubble.index for bubble in desk.session.desk.thread.bubbles() if bubble.understanding]


def test_ctrl_g_asks_again(desk: Desk) -> None:
    desk.open(REFUND)
    desk.press(desk.window, Qt.Key.Key_G, CTRL)
    assert desk.services.suggestions.asked == [REFUND, REFUND]


def test_no_key_acts_while_an_input_method_composes(desk: Desk) -> None:
    desk.open(REFUND)
    editor = desk.session.view.composer.editor
    editor.setFocus()
    desk.act(lambda: QApplication.sendEvent(editor, QInputMethodEvent("nihao", [])))
    desk.press(editor, Qt.Key.Key_A, ALT)
    desk.press(editor, Qt.Key.Key_Tab)
    desk.press(editor, Qt.Key.Key_Return, CTRL)
    desk.act(lambda: desk.window.table.trigger("accept"))
    assert desk.services.shelf.log == []
    committed = QInputMethodEvent("", [])
    committed.setCommitString("你好")
    desk.act(lambda: QApplication.sendEvent(editor, committed))
    assert editor.toPlainText().endswith("你好")


def test_the_text_is_kept_when_the_ticket_changes_and_comes_back(desk: Desk) -> None:
    desk.open(REFUND)
    desk.write("half a thought")
    desk.open(PARCEL)
    assert desk.session.view.composer.editor.toPlainText() == ""
    assert desk.services.shelf.composers[REFUND] == "half a thought"
    desk.open(REFUND)
    assert desk.session.view.composer.editor.toPlainText() == "half a thought"


def test_the_text_is_kept_when_the_window_closes(open_desk: Callable[..., Desk]) -> None:
    services = ServicesDouble()
    desk = open_desk(services)
    desk.open(REFUND)
    desk.write("half a thought")
    desk.window.close()
    desk.turn()
    desk.settle()
    assert services.shelf.composers[REFUND] == "half a thought"
    assert services.closed


def test_an_approved_text_says_so(open_desk: Callable[..., Desk]) -> None:
    services = ServicesDouble()
    services.suggestions.kinds[REFUND] = replace(drafted(services.shelf.tickets[REFUND]), kind=SuggestionKind.APPROVED)
    desk = open_desk(services)
    desk.open(REFUND)
    assert desk.session.view.composer.card._badge.text() == "Approved text"


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
    columns = desk.session.view._columns
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
    desk.services.events.publish(EngineStateChanged(model="reply", state=EngineState.READY, device="cpu", detail="CPU"))
    desk.settle()
    assert told() == []


def test_sources_that_do_not_answer_offer_a_question_by_key(open_desk: Callable[..., Desk]) -> None:
    services = ServicesDouble()
    services.suggestions.kinds[REFUND] = not_answered(services.shelf.tickets[REFUND])
    desk = open_desk(services)
    desk.open(REFUND)
    composer, card = desk.session.view.composer, desk.session.view.composer.card
    assert card._badge.text() == "The sources do not answer this"
    assert (card.draft.isVisible(), card.accept.isVisible(), card.add.isVisible()) == (True, False, True)
    assert card.take.text() == "Ask this"
    assert "3 sources looked at" in [one.text() for one in card.sources.findChildren(QLabel)]
    desk.press(desk.window, Qt.Key.Key_A, ALT)
    assert services.shelf.log == []
    desk.press(composer.editor, Qt.Key.Key_Tab)
    assert composer.editor.toPlainText() == "Our notes do not say. Which one do you mean?"
    desk.press(desk.window, Qt.Key.Key_Return, CTRL)
    event = services.shelf.log[-1]
    assert event.suggestion is not None
    assert event.suggestion.reason is NoneReason.NOT_ANSWERED


def with_next(action: NextAction) -> ServicesDouble:
    services = ServicesDouble()
    services.suggestions.kinds[REFUND] = replace(drafted(services.shelf.tickets[REFUND]), next_action=action)
    return services


def test_the_next_step_is_written_by_its_key_and_never_over_a_text(open_desk: Callable[..., Desk]) -> None:
    asks = NextAction(kind=ActionKind.ASK_PHOTOS, reason="photos_needed", text="Could you send us photos?")
    desk = open_desk(with_next(asks))
    desk.open(REFUND)
    composer, bar = desk.session.view.composer, desk.session.view.composer.card.next
    assert bar.said.text().startswith("Next: Ask for photos (something is wrong")
    desk.press(desk.window, Qt.Key.Key_N, ALT)
    assert composer.editor.toPlainText() == "Could you send us photos?"
    desk.act(lambda: composer.editor.setPlainText("my own"))
    desk.press(desk.window, Qt.Key.Key_N, ALT)
    assert composer.editor.toPlainText() == "my own"
    assert desk.services.shelf.log == []


def test_a_refund_form_is_looked_at_before_it_is_kept(open_desk: Callable[..., Desk]) -> None:
    form = NextAction(
        kind=ActionKind.REFUND_FORM, reason="wants_money_back", fields=(("order_number", "GF1"), ("amount", "9.00 CNY"))
    )
    desk = open_desk(with_next(form))
    desk.open(REFUND)
    bar = desk.session.view.composer.card.next
    desk.press(desk.window, Qt.Key.Key_N, ALT)
    assert bar.form.isVisible()
    assert "nothing is sent anywhere" in bar.form.text()
    assert "Order: GF1" in bar.form.text()
    desk.act(bar.cancel.click)
    assert not bar.form.isVisible()
    assert desk.services.shelf.log == []
    for _ in range(2):
        desk.press(desk.window, Qt.Key.Key_N, ALT)
    [event] = desk.services.shelf.log
    assert (event.kind, event.action) == (FeedbackKind.NOTED, ActionKind.REFUND_FORM)
    assert bar.said.text() == "Open a refund form: kept as an internal note"
    assert not bar.do.isVisible()
    desk.press(desk.window, Qt.Key.Key_Z, CTRL)
    assert bar.do.isVisible()


def test_where_a_reply_is_enough_there_is_no_next_step(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk(with_next(NextAction(kind=ActionKind.NOTHING, reason="nothing_needed")))
    desk.open(REFUND)
    assert not desk.session.view.composer.card.next.isVisible()
