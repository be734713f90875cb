"""Candidates, hints, rewrites and summaries by their keys, in the real window over the doubles."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence

from agent_assist.domain.wording import Refusal, RefusalReason, Rewording, Way, WayKind, Wish
from tests.ui.conftest import Desk
from ui.actions import ACTIONS
from ui.drafting.view import DraftingView
from ui.keymap.spec import DESK, KNOWLEDGE, ActionSpec, screen_of

REFUND, PARCEL = "TK-1009", "TK-1011"
CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


def drafting(desk: Desk) -> DraftingView:
    return desk.session.view.drafting


def trigger(desk: Desk, action: str) -> None:
    desk.act(lambda: desk.window.table.trigger(action))


def test_no_key_means_two_things_on_one_screen() -> None:
    by_key: dict[str, list[ActionSpec]] = {}
    for spec in ACTIONS:
        for key in spec.keys:
            by_key.setdefault(QKeySequence(key).toString(), []).append(spec)
    several = {key: specs for key, specs in by_key.items() if len(specs) > 1}
    assert set(several) == {"Ctrl+Z", "Alt+1", "Alt+2", "Alt+3"}
    for one, other in several.values():
        assert {screen_of(one), screen_of(other)} == {DESK, KNOWLEDGE}


def test_the_second_candidate_by_its_key(desk: Desk) -> None:
    desk.open(REFUND)
    editor = desk.session.view.composer.editor
    assert all(made.isVisible() for made in drafting(desk).numbers)
    desk.press(editor, Qt.Key.Key_2, CTRL)
    assert desk.session.view.composer.card.draft.toPlainText() == "Another answer altogether."
    assert [made.isVisible() for made in drafting(desk).numbers] == [True, True, True]
    desk.press(editor, Qt.Key.Key_3, CTRL)
    assert desk.session.view.composer.card.draft.toPlainText() == "A third one."


def test_a_hint_is_typed_and_asked_with_enter(desk: Desk) -> None:
    desk.open(REFUND)
    desk.press(desk.session.view.composer.editor, Qt.Key.Key_J, CTRL)
    line = drafting(desk).line
    assert line.isVisible()
    desk.act(lambda: line.setText("it ships tomorrow"))
    desk.press(line, Qt.Key.Key_Return)
    assert desk.services.suggestions.wishes[-1] == Wish(hint="it ships tomorrow")
    assert not line.isVisible()
    assert "it ships tomorrow" in drafting(desk).state.text()
    trigger(desk, "hint")
    desk.press(line, Qt.Key.Key_Escape)
    assert not line.isVisible()


def test_a_rewrite_is_shown_beside_taken_by_a_key_and_undone(desk: Desk) -> None:
    desk.open(REFUND)
    editor = desk.session.view.composer.editor
    desk.write("my words")
    desk.act(lambda: drafting(desk)._reword(Rewording.FORMAL))
    panel = drafting(desk).panel
    assert panel.isVisible()
    assert panel.text.toPlainText() == "MY WORDS"
    assert panel.original.toPlainText() == "my words"
    assert editor.toPlainText() == "my words"
    desk.press(editor, Qt.Key.Key_Return, ALT)
    assert editor.toPlainText() == "MY WORDS"
    assert not panel.isVisible()
    desk.press(editor, Qt.Key.Key_Z, CTRL)
    assert editor.toPlainText() == "my words"


def test_a_translation_keeps_the_original_in_sight(desk: Desk) -> None:
    desk.open(REFUND)
    desk.services.rewriting.answer = lambda _text: "您好"
    desk.services.rewriting.lost = ("$5",)
    desk.press(desk.session.view.composer.editor, Qt.Key.Key_T, CTRL | SHIFT)
    panel = drafting(desk).panel
    assert panel.text.toPlainText() == "您好"
    assert panel.original.isVisible()
    assert "$5" in panel.warning.text()


def test_the_menu_chooses_tones_and_manners(desk: Desk) -> None:
    desk.open(REFUND)
    desk.press(desk.session.view.composer.editor, Qt.Key.Key_T, CTRL)
    picker = drafting(desk)._picker
    assert picker is not None
    desk.act(lambda: picker.search.setText("formal"))
    desk.press(picker.search, Qt.Key.Key_Return)
    assert desk.services.suggestions.wishes[-1].tone == "formal"
    desk.write("my words")
    trigger(desk, "wording")
    picker = drafting(desk)._picker
    assert picker is not None
    desk.act(lambda: picker.search.setText("simple"))
    desk.press(picker.search, Qt.Key.Key_Return)
    assert desk.services.rewriting.asked == [("my words", Rewording.SIMPLE)]


def test_a_small_model_says_what_works_in_both_languages(desk: Desk) -> None:
    desk.open(REFUND)
    ways = (
        Way(kind=WayKind.APPROVED_TEXT, doc_id="faq-1", title="退款时间", text="三天"),
        Way(kind=WayKind.SHORTER),
        Way(kind=WayKind.LARGER_MODEL),
    )
    desk.services.rewriting.refusal = Refusal(
        reason=RefusalReason.TOO_LONG, language="zh", manner=Rewording.TRANSLATE, tokens=90, limit=48, ways=ways
    )
    trigger(desk, "translate")
    panel = drafting(desk).panel
    assert "too small" in panel.warning.text()
    assert "48" in panel.warning.text()
    assert not panel.take.isVisible()
    desk.act(lambda: desk.program.window.i18n.switch("zh"))  # type: ignore[arg-type]
    assert "模型太小" in panel.warning.text()


def test_the_summary_unfolds_by_its_key(desk: Desk) -> None:
    desk.open(REFUND)
    bar = desk.session.view.summary
    desk.press(desk.session.view.composer.editor, Qt.Key.Key_S, CTRL | SHIFT)
    assert bar.isVisible()
    assert bar.body.isVisible()
    assert "Answer." in bar.lines["next"].text()
    trigger(desk, "summary")
    assert not bar.body.isVisible()


def test_nothing_to_stop_is_said(desk: Desk) -> None:
    desk.open(REFUND)
    trigger(desk, "stop")
    assert desk.window.toast.text
