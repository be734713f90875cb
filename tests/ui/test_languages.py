"""Whatever is on the screen when the language changes: nothing of the other language's tables stays."""

import re
from collections.abc import Callable, Iterator
from functools import cache

import pytest
from PySide6.QtWidgets import QComboBox, QMenu, QTableWidget, QWidget

from agent_assist.domain.language import Language
from agent_assist.domain.tickets import Queue
from tests.ui.conftest import Desk
from tests.ui.doubles import ServicesDouble, drafted
from tests.ui.leftovers import texts_of
from tests.ui.test_layout import PARCEL, REFUND, open_knowledge
from ui.i18n import load_table
from ui.knowledge.article.presenter import Side
from ui.knowledge.presenter import Room

# Messages that are the same in both, or so short that a customer's own words could be one.
SHORTEST = 4
# What the sample shop says itself: a carrier's step, tags, and facts quoted from articles.
GIVEN = frozenset({"Delivered", "内部", "取消", "7 days ≠ 14 days"})


def messages(language: Language) -> dict[str, set[str]]:
    """Every form of every message by its key."""
    return {
        key: set(message.values()) if isinstance(message, dict) else {message}
        for key, message in load_table(language).items()
    }


@cache
def only_in(language: Language) -> re.Pattern[str]:
    """What is a message of this language and of no other, with anything in its places."""
    others = {
        form for other in Language if other is not language for forms in messages(other).values() for form in forms
    }
    wanted = {
        form
        for forms in messages(language).values()
        for form in forms
        if form not in others and len(re.sub(r"\{\w+\}|\W", "", form)) >= (2 if language is Language.ZH else SHORTEST)
    }
    return re.compile("|".join(re.sub(r"\\\{\w+\\\}", ".*", re.escape(form)) for form in sorted(wanted)), re.S)


def shown(root: QWidget) -> Iterator[str]:
    """All texts of visible widgets, and those of menus, drop-downs and tables."""
    for widget in [root, *root.findChildren(QWidget)]:
        if isinstance(widget, QMenu):
            yield from (widget.title(), *(action.text() for action in widget.actions()))
        if not widget.isVisible():
            continue
        yield from texts_of(widget)
        yield widget.windowTitle() if widget.isWindow() else ""
        if isinstance(widget, QComboBox):
            yield from (widget.itemText(place) for place in range(widget.count()))
        if isinstance(widget, QTableWidget):
            heads = (widget.horizontalHeaderItem(column) for column in range(widget.columnCount()))
            yield from (head.text() for head in heads if head is not None)


def leftovers(root: QWidget, language: str) -> list[str]:
    """Messages of the other language that are still on the screen."""
    [other] = [one for one in Language if one.value != language]
    said = {text.strip() for text in shown(root)} - GIVEN
    return sorted(text for text in said if text and only_in(other).fullmatch(text))


def test_a_leftover_would_be_found() -> None:
    assert only_in(Language.EN).fullmatch("Send the suggestion as it is")
    assert only_in(Language.EN).fullmatch("1,200 tickets")
    assert not only_in(Language.EN).fullmatch("Where is my parcel with the two red shoes?")
    assert only_in(Language.ZH).fullmatch("按原样发送建议")
    assert not only_in(Language.ZH).fullmatch("我的包裹怎么还没到，都一个星期了")


@pytest.mark.parametrize(("before", "after"), [("en", "zh"), ("zh", "en")])
def test_the_desk_changes_its_language_whole(open_desk: Callable[..., Desk], before: str, after: str) -> None:
    services = ServicesDouble()
    services.settings.values["ui.language"] = before
    services.suggestions.kinds[REFUND] = drafted(services.shelf.tickets[REFUND], doubtful=True)
    desk = open_desk(services, new_here=True)
    view, found = desk.session.view, list[str]()

    def look(state: str, *acts: Callable[[], object]) -> None:
        desk.act(lambda: desk.program.choose("ui.language", before))
        for act in acts:
            desk.act(act)
        desk.act(lambda: desk.program.choose("ui.language", after))
        found.extend(f"{state}: {text}" for text in leftovers(desk.window, after))

    look("nothing open", lambda: view.inbox.filters.toggle.setChecked(True))
    look("suggestion", lambda: desk.session.desk.inbox.select(PARCEL))
    look("reasons", view.composer.card.ask_reason)
    look("doubt", lambda: desk.session.desk.inbox.select(REFUND), lambda: desk.session.desk.composer.accept())
    look("hint", desk.session.desk.drafting.open_hint)
    look("summary", desk.session.desk.summary.write)
    look("nothing found", lambda: desk.session.desk.inbox.set_queue(Queue.DONE))
    look("log", desk.session.show_log)
    rooms = desk.session.rooms
    look("settings", rooms.show_settings, lambda: rooms.settings.write("engine.device", "cpu"))
    look("models", rooms.show_models, rooms.models.test)
    look("tour", rooms.tour.start, rooms.tour.go_on)
    desk.act(rooms.tour.end)
    assert found == []


@pytest.mark.parametrize(("before", "after"), [("en", "zh"), ("zh", "en")])
def test_the_knowledge_screen_changes_its_language_whole(
    open_desk: Callable[..., Desk], before: str, after: str
) -> None:
    desk = open_knowledge(open_desk, size=(1440, 900), language=before, scale="1")
    view, presenter, found = desk.session.knowledge.view, desk.session.knowledge.presenter, list[str]()

    def look(state: str, act: Callable[[], object]) -> None:
        desk.act(lambda: desk.program.choose("ui.language", before))
        desk.act(act)
        desk.act(lambda: desk.program.choose("ui.language", after))
        found.extend(f"{state}: {text}" for text in leftovers(desk.window, after))

    look("text", view.catalogue.filters.toggle.click)
    for side in Side:
        look(side, lambda side=side: presenter.article.show(side))
    look("editor", presenter.edit)
    look("preview", presenter.editor.preview)
    desk.act(presenter.editor.leave)
    for room in Room:
        look(room, lambda room=room: presenter.enter(room))
    assert found == []
