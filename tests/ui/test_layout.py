"""No text is cut, in either language, on a small screen (1440x900 at 150%) and with large letters."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QAbstractButton, QLabel, QScrollArea, QWidget

from agent_assist.domain.events import EngineState
from agent_assist.domain.next_action import ActionKind, NextAction
from agent_assist.domain.sources import IndexingProgress, IndexingState
from agent_assist.domain.tickets import Queue
from agent_assist.domain.wording import Rewording
from tests.ui.conftest import Desk
from tests.ui.doubles import ServicesDouble, drafted
from tests.ui.doubles.knowledge import conflict, gap
from tests.ui.knowledge.conftest import article
from ui.knowledge.article.presenter import Side
from ui.knowledge.presenter import Room
from ui.widgets.elided import ElidedLabel

REFUND, PARCEL = "TK-1009", "TK-1011"


def said(widget: QWidget) -> str:
    return widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""


def cut(widget: QWidget) -> str:
    """What is wrong with a visible text, or "". Elided labels may be short: they show an ellipsis and a tooltip."""
    if isinstance(widget, ElidedLabel) or not widget.isVisible():
        return ""
    if isinstance(widget, QLabel) and widget.text():
        if widget.wordWrap():
            return "too low" if widget.heightForWidth(widget.width()) > widget.height() + 1 else ""
        return "too narrow" if widget.sizeHint().width() > widget.width() + 1 else ""
    if isinstance(widget, QAbstractButton) and widget.text():
        needed = widget.sizeHint()
        if needed.width() > widget.width() + 1:
            return "too narrow"
        return "too low" if needed.height() > widget.height() + 2 else ""
    return ""


def outside(widget: QWidget) -> bool:
    """Whether a visible widget sticks out of its parent sideways."""
    parent = widget.parentWidget()
    if parent is None or not widget.isVisible() or widget.isWindow() or parent.objectName() == "qt_scrollarea_viewport":
        return False
    room = QRect(0, 0, parent.width(), parent.height())
    return widget.geometry().right() > room.right() + 1 or widget.geometry().left() < room.left() - 1


def faults(root: QWidget) -> Iterator[str]:
    for widget in root.findChildren(QWidget):
        problem = cut(widget)
        text = said(widget)
        if problem:
            yield f"{type(widget).__name__} {text!r} is {problem}"
        if outside(widget) and text:
            yield f"{type(widget).__name__} {text!r} sticks out"
    for area in root.findChildren(QScrollArea):
        inner = area.widget()
        if area.isVisible() and inner is not None and inner.width() > area.viewport().width() + 1:
            yield f"the inside of {area.accessibleName() or type(area.parent()).__name__} is wider than its room"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("size", "scale"), [((1440, 900), "1"), ((960, 600), "1"), ((1440, 900), "1.5"), ((1920, 1080), "2")]
)
def test_nothing_is_cut(open_desk: Callable[..., Desk], language: str, size: tuple[int, int], scale: str) -> None:
    services = ServicesDouble()
    services.settings.values |= {"ui.language": language, "ui.font_scale": scale}
    services.suggestions.kinds[REFUND] = drafted(services.shelf.tickets[REFUND], doubtful=True)
    desk = open_desk(services, size=size)
    assert desk.window.width() == size[0]
    view, found = desk.session.view, list[str]()
    view.inbox.filters.toggle.setChecked(True)

    def look(state: str) -> None:
        desk.settle()
        found.extend(f"{state}: {fault}" for fault in faults(desk.window))

    desk.open(PARCEL)
    look("suggestion")
    desk.act(view.composer.card.ask_reason)
    look("reasons")
    desk.open(REFUND)
    desk.act(desk.session.desk.composer.accept)
    look("doubt")
    desk.act(lambda: services.engine(EngineState.RESTARTING))
    desk.act(desk.session.desk.composer.ask)
    look("engine away")
    desk.act(lambda: desk.session.desk.inbox.set_queue(Queue.DONE))
    look("nothing found")
    desk.act(desk.session.show_log)
    look("log")
    assert found == []


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("size", "scale"), [((1440, 900), "1"), ((960, 600), "1"), ((1440, 900), "1.5"), ((1920, 1080), "2")]
)
def test_nothing_is_cut_on_the_knowledge_screen(
    open_desk: Callable[..., Desk], language: str, size: tuple[int, int], scale: str
) -> None:
    desk = open_knowledge(open_desk, size=size, language=language, scale=scale)
    view, presenter, found = desk.session.knowledge.view, desk.session.knowledge.presenter, list[str]()

    def look(state: str, *acts: Callable[[], object]) -> None:
        for act in acts:
            desk.act(act)
        found.extend(f"{state}: {fault}" for fault in faults(desk.window))

    look("text", lambda: presenter.article.show(Side.TEXT))
    look("filters", view.catalogue.filters.toggle.click, lambda: presenter.catalogue.search("zzzz"))
    look("versions", presenter.catalogue.clear, lambda: presenter.article.show(Side.VERSIONS))
    look("cited", lambda: presenter.article.show(Side.CITED))
    look("several", view.catalogue.table.selectAll)
    look(
        "editor", presenter.edit, lambda: presenter.editor.typed(text="{order_number} {what}"), presenter.editor.preview
    )
    desk.act(lambda: desk.services.articles.put(replace(presenter.editor.article or article(), text="Theirs.")))
    look("clash", presenter.editor.save)
    look("unsaved", presenter.editor.leave)
    for room in Room:
        look(room, lambda room=room: presenter.enter(room))
    look("search", lambda: presenter.trial.ask("refund" if language == "en" else "退款"))
    assert found == []


def open_knowledge(open_desk: Callable[..., Desk], *, size: tuple[int, int], language: str, scale: str) -> Desk:
    """The knowledge screen with something on each of its parts."""
    services = ServicesDouble()
    services.settings.values |= {"ui.language": language, "ui.font_scale": scale}
    services.conflicts.found, services.gaps.found = [conflict()], [gap()]
    services.citations.cite(PARCEL, "A passage that is long enough to be cut somewhere in the middle of it. " * 3)
    services.indexing.add("/mnt/shop/a folder with a rather long name/knowledge", failed="A scan without text.")
    services.indexing.progress = IndexingProgress(
        state=IndexingState.RUNNING,
        files_done=12,
        files_total=400,
        passages=1_200,
        passages_per_second=30,
        seconds_left=90,
    )
    desk = open_desk(services, size=size)
    desk.act(desk.session.show_knowledge)
    return desk


@pytest.mark.parametrize("size", [(960, 600)])
def test_every_control_of_the_knowledge_screen_has_a_name(
    open_desk: Callable[..., Desk], size: tuple[int, int]
) -> None:
    desk = open_knowledge(open_desk, size=size, language="en", scale="1")
    presenter, nameless = desk.session.knowledge.presenter, list[str]()
    desk.act(desk.session.knowledge.view.catalogue.filters.toggle.click)
    for room in Room:
        desk.act(lambda room=room: presenter.enter(room))
        nameless += without_names(desk.session.knowledge.view)
    desk.act(lambda: presenter.trial.ask("refund"))
    nameless += without_names(desk.session.knowledge.view)
    desk.act(lambda: presenter.enter(Room.ARTICLES))
    for side in Side:
        desk.act(lambda side=side: presenter.article.show(side))
        nameless += without_names(desk.session.knowledge.view)
    desk.act(presenter.edit)
    nameless += without_names(desk.session.knowledge.view)
    assert nameless == []


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("scale", ["1", "1.5"])
def test_the_window_keeps_its_size_and_a_toast_keeps_to_the_list(
    open_desk: Callable[..., Desk], language: str, scale: str
) -> None:
    services = ServicesDouble()
    services.settings.values |= {"ui.language": language, "ui.font_scale": scale}
    step = NextAction(kind=ActionKind.ASK_PHOTOS, reason="photos_needed", text="Photos?")
    services.suggestions.kinds[REFUND] = replace(drafted(services.shelf.tickets[REFUND]), next_action=step)
    desk = open_desk(services, size=(1440, 900))
    desk.open(REFUND)
    view, presenter = desk.session.view, desk.session.desk
    desk.act(lambda: view.composer.editor.insertPlainText("$71 today, $72 tomorrow, $73 on Friday."))
    desk.act(view.composer._pause.timeout.emit)
    assert view.composer.card.next.isVisible()
    desk.act(lambda: presenter.drafting.reword(Rewording.FORMAL))
    assert presenter.drafting.rewrite is not None
    assert not view.composer.card.next.isVisible()
    assert presenter.drafting.rewrite.done is not None
    assert len(presenter.composer.check.doubts) == 3
    assert list(faults(desk.window)) == []
    assert (desk.window.width(), desk.window.height()) == (1440, 900)
    toast = desk.window.toast
    for text in ("Kept.", "Internal note kept; nothing was sent to anybody at all. " * 3):
        desk.act(lambda text=text: toast.say(text, undoable=True))
        assert toast.geometry().right() < view.inbox.geometry().right()
        assert list(faults(toast)) == []
    short = toast.width()
    desk.act(presenter.drafting.close)
    assert view.composer.card.next.isVisible()
    desk.act(desk.session.show_log)
    desk.act(lambda: toast.say("Internal note kept; nothing was sent to anybody at all. " * 3, undoable=True))
    assert toast.width() > short
    view.composer._pause.stop()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_empty_window_is_whole(open_desk: Callable[..., Desk], language: str) -> None:
    services = ServicesDouble([])
    services.settings.values["ui.language"] = language
    desk = open_desk(services, size=(960, 600))
    assert list(faults(desk.window)) == []


def test_a_cut_text_would_be_found(desk: Desk) -> None:
    desk.open(PARCEL)
    accept = desk.session.view.composer.card.accept
    accept.setFixedWidth(20)
    assert cut(accept) == "too narrow"


@pytest.mark.parametrize("size", [(960, 600)])
def test_every_control_has_a_name(open_desk: Callable[..., Desk], size: tuple[int, int]) -> None:
    desk = open_desk(size=size)
    desk.open(REFUND)
    assert without_names(desk.session.view) == []


def without_names(root: QWidget) -> list[str]:
    """Visible controls that a screen reader could not name."""
    return [
        f"{type(widget).__name__} in {type(widget.parent()).__name__}"
        for widget in root.findChildren(QWidget)
        if widget.isVisible()
        and widget.focusPolicy() != widget.focusPolicy().NoFocus
        and not widget.accessibleName()
        and not said(widget)
    ]
