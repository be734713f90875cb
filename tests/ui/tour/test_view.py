"""The tour by keyboard over the real parts of the window, in both languages and at every size."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QRect, Qt

from tests.helpers.modifiers import SHIFT
from tests.ui.conftest import Desk
from tests.ui.doubles import ServicesDouble
from tests.ui.leftovers import foreign
from tests.ui.test_layout import faults, without_names
from ui.tour.presenter import STEPS, Place
from ui.tour.view import TourBubble, beside


def bubble(desk: Desk) -> TourBubble:
    return desk.session.rooms.tour_bubble


def test_it_is_offered_to_whoever_is_new_and_never_again(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk(new_here=True)
    offer = desk.session.rooms.tour_offer
    assert offer.isVisible()
    assert not bubble(desk).isVisible()  # nothing takes the keyboard from somebody who came to work
    desk.act(offer.decline.click)
    assert not offer.isVisible()
    assert desk.window.memory.value("tour/seen") == "1"


def test_nobody_is_asked_twice(desk: Desk) -> None:
    assert not desk.session.rooms.tour_offer.isVisible()


def test_it_goes_by_keyboard_to_its_end_and_gives_the_keyboard_back(desk: Desk) -> None:
    desk.session.view.inbox.list.setFocus()
    desk.press(desk.window, Qt.Key.Key_F1, SHIFT)
    tour = bubble(desk)
    pointed = {}
    for step in STEPS:
        assert tour.isVisible()
        assert tour.hasFocus()
        pointed[step.place] = QRect(tour.shade.bright)
        desk.press(tour, Qt.Key.Key_Return)
    assert not tour.isVisible()
    assert not tour.shade.isVisible()
    assert desk.session.view.inbox.list.hasFocus()
    assert desk.session.desk.inbox.selected_id is not None  # the steps were about a ticket
    for place in Place:
        assert pointed[place].isEmpty() is (place is Place.NOTHING), place
    assert pointed[Place.LIST].left() < pointed[Place.THREAD].left() < pointed[Place.ORDER].left()
    assert desk.services.shelf.log == []


def test_escape_ends_it_and_the_arrows_go_both_ways(desk: Desk) -> None:
    desk.press(desk.window, Qt.Key.Key_F1, SHIFT)
    tour = bubble(desk)
    desk.press(tour, Qt.Key.Key_Right)
    desk.press(tour, Qt.Key.Key_Right)
    desk.press(tour, Qt.Key.Key_Left)
    assert desk.session.rooms.tour.index == 1
    desk.press(tour, Qt.Key.Key_Tab)
    assert tour.hasFocus()
    desk.press(tour, Qt.Key.Key_Escape)
    assert not tour.isVisible()


def test_the_sample_shop_is_loaded_on_the_way(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk(ServicesDouble([]))
    desk.press(desk.window, Qt.Key.Key_F1, SHIFT)
    tour = bubble(desk)
    assert tour.next.text() == "Load the sample shop"
    desk.press(tour, Qt.Key.Key_Return)
    desk.act(desk.session.desk.inbox.refresh)
    assert desk.session.rooms.tour.index == 1
    assert desk.session.desk.inbox.selected_id is not None


def test_its_texts_name_the_keys_in_force(desk: Desk) -> None:
    desk.act(lambda: desk.window.table.keymap.give("accept", "F9"))
    desk.act(desk.session.rooms.tour.start)
    while desk.session.rooms.tour.step is not None:
        step = desk.session.rooms.tour.step
        if step.place is Place.SUGGESTION:
            assert "F9" in bubble(desk)._text.text()
            return
        desk.act(desk.session.rooms.tour.go_on)
    pytest.fail("no step is about the suggestion")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("size", "scale"), [((1440, 900), "1"), ((960, 600), "1"), ((1440, 900), "2")])
def test_every_step_is_whole(open_desk: Callable[..., Desk], language: str, size: tuple[int, int], scale: str) -> None:
    services = ServicesDouble()
    services.settings.values |= {"ui.language": language, "ui.font_scale": scale}
    desk = open_desk(services, size=size, new_here=True)
    found = [*faults(desk.session.rooms.tour_offer), *foreign(desk.session.rooms.tour_offer, language)]
    desk.act(desk.session.rooms.tour.start)
    for step in STEPS:
        tour = bubble(desk)
        assert desk.window.rect().contains(tour.geometry()), step.title
        found += [*faults(tour), *without_names(tour), *foreign(tour, language)]
        desk.act(desk.session.rooms.tour.go_on)
    assert found == []


def test_the_bubble_lies_beside_what_it_points_at() -> None:
    room = QRect(0, 0, 1000, 600)
    for bright in (QRect(0, 0, 300, 600), QRect(700, 0, 300, 600), QRect(100, 0, 800, 100), QRect(100, 500, 800, 100)):
        place = beside(bright, room, 300, 200, 10)
        assert room.contains(place)
        assert not place.intersects(bright)
    assert room.contains(beside(QRect(0, 0, 1000, 600), room, 300, 200, 10))
    assert abs(beside(QRect(), room, 300, 200, 10).center().x() - room.center().x()) <= 1
