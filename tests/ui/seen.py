"""What a person finds in the window, for tests of the conversation and of what stands around it."""

from dataclasses import replace
from datetime import timedelta

from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.conftest import Desk
from tests.ui.doubles import ServicesDouble
from tests.ui.doubles.around import solved
from ui.thread.bubble_view import BubbleView

REFUND, PARCEL = "TK-1009", "TK-1011"


def texts(root: QWidget) -> str:
    """All that a widget says now."""
    return " | ".join(
        getattr(one, "text")()  # noqa: B009
        for one in root.findChildren(QWidget)
        if one.isVisibleTo(root) and callable(getattr(one, "text", None))
    )


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def bubble(desk: Desk, index: int = 0) -> BubbleView:
    return desk.session.view.conversation._bubbles[index]


def with_history(services: ServicesDouble) -> None:
    """Another ticket of the same customer, and a solved one."""
    shelf = services.shelf
    one = shelf.tickets[REFUND]
    shelf.tickets["TK-2"] = replace(one, id="TK-2", created_at=one.created_at - timedelta(days=9))
    services.similar.found = (solved(shelf.tickets[PARCEL]), solved(shelf.tickets["TK-2"], "Tomorrow."))
