"""The models screen: what it shows, the self-test, adding and removing; whole in both languages."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from agent_assist.domain.events import EngineState
from agent_assist.services.self_test import Part
from tests.ui.conftest import Desk
from tests.ui.doubles import ServicesDouble
from tests.ui.leftovers import foreign
from tests.ui.test_layout import faults, without_names
from ui.models.view import ModelsView

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def models(desk: Desk) -> ModelsView:
    desk.press(desk.window, Qt.Key.Key_E, CTRL | SHIFT)
    view = desk.session.rooms.models_view
    assert view.isVisible()
    return view


def said(root: QWidget) -> str:
    return "\n".join(one.text() for one in root.findChildren(QLabel) if one.isVisible())


def named(view: ModelsView, text: str) -> QPushButton:
    return next(one for one in view.findChildren(QPushButton) if one.text() == text and one.isVisible())


def test_place_reason_memory_and_speed_are_shown(desk: Desk) -> None:
    view = models(desk)
    assert "Runs on the processor · 431 MB of memory" in said(view)
    assert "No fitting graphics card was found. It reads 4,096 tokens at once, of 32,768 at most." in said(view)
    assert view.test.run.hasFocus()
    desk.press(view.test.run, Qt.Key.Key_Space)
    assert "55.2 tokens/s" in said(view.roles[1])
    assert "12 ms a message" in said(view.roles[0])


def test_the_self_test_is_cancelled_and_a_failed_part_says_why(desk: Desk) -> None:
    view = models(desk)
    desk.services.self_test.hold = asyncio.Event()
    desk.begin(view.test.run.click)
    assert view.test.cancel.isVisible()
    assert view.test.bar.isVisible()
    desk.act(view.test.cancel.click)
    assert not view.test.cancel.isVisible()
    desk.services.self_test.hold = None
    desk.services.self_test.fails[Part.WRITING] = "The writer wrote nothing."
    desk.act(view.test.run.click)
    assert "The writer wrote nothing." in said(view.test)


def test_a_model_is_added_used_and_taken_out_again(desk: Desk) -> None:
    view = models(desk)
    desk.act(lambda: desk.session.rooms.models.add(Path("/home/han/own.gguf")))
    assert "no chat template" in said(view.adding)
    assert view.load_now.isVisible()
    assert view.roles[1].fall_back.text() == "Back to the starter gemma3-270m"
    desk.act(view.load_now.click)
    assert desk.services.models.loads == 1
    desk.act(view.roles[1].fall_back.click)
    assert not view.roles[1].fall_back.isVisible()
    desk.act(named(view, "Delete").click)
    assert "own" in desk.services.models.cards  # asked first
    desk.act(named(view, "Delete").click)
    assert "own" not in desk.services.models.cards


def test_an_address_is_typed_and_entered(desk: Desk) -> None:
    view = models(desk)
    desk.act(view.adding.server.click)
    assert view.adding.address.hasFocus()
    desk.act(lambda: QTest.keyClicks(view.adding.address, "http://10.0.0.5:8080/v1"))
    desk.press(view.adding.address, Qt.Key.Key_Return)
    assert desk.services.models.added == [("http://10.0.0.5:8080/v1", "", False)]


def test_the_engines_fall_is_seen(desk: Desk) -> None:
    view = models(desk)
    desk.services.models.states = []
    desk.act(lambda: desk.services.engine(EngineState.RESTARTING))
    assert "restarting" in said(view.roles[0])


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("size", "scale"), [((1440, 900), "1"), ((960, 600), "1"), ((1440, 900), "2")])
def test_the_screen_is_whole(open_desk: Callable[..., Desk], language: str, size: tuple[int, int], scale: str) -> None:
    services = ServicesDouble()
    services.settings.values |= {"ui.language": language, "ui.font_scale": scale}
    desk = open_desk(services, size=size)
    view = models(desk)
    desk.act(view.test.run.click)
    desk.act(view.adding.server.click)
    presenter = desk.session.rooms.models
    desk.act(lambda: presenter.use(services.models.cards["gemma3-270m"]))
    names = frozenset({"e5-small", "gemma3-270m", "starter", "reply-starter"})
    assert [*faults(view), *without_names(view), *foreign(view, language, allowed=names)] == []
