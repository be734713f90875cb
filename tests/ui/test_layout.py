"""No text is cut, in either language, on a small screen (1440x900 at 150%) and with large letters."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QAbstractButton, QLabel, QScrollArea, QWidget

from agent_assist.domain.events import EngineState
from agent_assist.domain.tickets import TicketState
from tests.ui.conftest import Desk
from tests.ui.doubles import ServicesDouble, drafted
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
@pytest.mark.parametrize(("size", "scale"), [((1440, 900), "1"), ((960, 600), "1"), ((1440, 900), "1.5")])
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
    desk.act(lambda: desk.session.desk.inbox.set_state(TicketState.DONE))
    look("nothing found")
    desk.act(desk.session.show_log)
    look("log")
    assert found == []


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
    nameless = [
        f"{type(widget).__name__} in {type(widget.parent()).__name__}"
        for widget in desk.session.view.findChildren(QWidget)
        if widget.isVisible()
        and widget.focusPolicy() != widget.focusPolicy().NoFocus
        and not widget.accessibleName()
        and not said(widget)
    ]
    assert nameless == []
