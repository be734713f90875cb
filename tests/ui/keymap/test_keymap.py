"""Keys are given, refused with the reason, kept and taken back; no window."""

import pytest

from ui.keymap.keymap import Keymap, Refused
from ui.keymap.names import both_enters, list_needs, normal, typing_needs
from ui.keymap.spec import DESK, KNOWLEDGE, ActionSpec, list_id
from ui.keys.presenter import KeysPresenter
from ui.text_keys import Key

SPECS = (
    ActionSpec("quit", Key.ACTION_QUIT, Key.MENU_FILE, ("Ctrl+Q",)),
    ActionSpec("send", Key.ACTION_SEND, Key.MENU_TICKET, ("Ctrl+Enter", "Ctrl+Return")),
    ActionSpec("undo", Key.ACTION_UNDO, Key.MENU_TICKET, ("Ctrl+Z",)),
    ActionSpec("undo_article", Key.ACTION_UNDO, Key.MENU_KNOWLEDGE, ("Ctrl+Z",)),
    ActionSpec("save_article", Key.ACTION_SAVE_ARTICLE, Key.MENU_KNOWLEDGE, ("Ctrl+S",)),
)


@pytest.fixture
def keymap() -> Keymap:
    return Keymap(SPECS, menus={"Alt+F": Key.MENU_FILE})


@pytest.mark.parametrize(
    ("keys", "needed"),
    [
        ("K", True),
        ("Shift+A", True),
        ("Tab", True),
        ("Space", True),
        ("Ctrl+C", True),
        ("Ctrl+Left", True),
        ("Ctrl+Shift+Left", True),
        ("Ctrl+Alt+Q", True),
        ("Esc", True),
        ("F7", False),
        ("Shift+F7", False),
        ("Ctrl+K", False),
        ("Ctrl+Shift+C", False),
        ("Alt+Left", False),
        ("Ctrl++", False),
        ("Ctrl+Alt+F5", False),
    ],
)
def test_keys_of_text_fields_are_known(keys: str, needed: bool) -> None:
    assert typing_needs(keys) is needed


def test_one_spelling_for_the_same_keys() -> None:
    assert normal("Shift+Ctrl+a") == "Ctrl+Shift+A"
    assert normal("Ctrl++") == "Ctrl++"
    assert normal("Ctrl+Return") == "Ctrl+Enter"
    assert both_enters("Alt+Return") == ("Alt+Enter", "Alt+Return")


def test_keys_are_given_and_are_the_only_ones(keymap: Keymap) -> None:
    told: list[str] = []
    keymap.changes.subscribe(lambda: told.append("changed"))
    assert keymap.give("quit", "Alt+Q") is None
    assert keymap.keys("quit") == ("Alt+Q",)
    assert keymap.own("quit")
    assert told == ["changed"]


def test_a_conflict_names_the_other_action_and_changes_nothing(keymap: Keymap) -> None:
    refusal = keymap.give("quit", "Ctrl+Return")
    assert refusal is not None
    assert (refusal.why, refusal.other) == (Refused.TAKEN, Key.ACTION_SEND)
    assert keymap.keys("quit") == ("Ctrl+Q",)


def test_one_key_may_mean_something_else_on_another_screen(keymap: Keymap) -> None:
    assert keymap.give("save_article", "Ctrl+Enter") is None
    refusal = keymap.give("save_article", "Ctrl+Q")  # acts everywhere
    assert refusal is not None
    assert refusal.other is Key.ACTION_QUIT


def test_menu_keys_and_typing_keys_are_refused_but_an_action_gets_its_own_back(keymap: Keymap) -> None:
    refusal = keymap.give("undo", "Alt+F")
    assert refusal is not None
    assert (refusal.why, refusal.other) == (Refused.MENU, Key.MENU_FILE)
    refusal = keymap.give("undo", "Ctrl+C")
    assert refusal is not None
    assert refusal.why is Refused.TYPING
    assert keymap.give("undo", "Alt+Z") is None
    assert keymap.give("undo", "Ctrl+Z") is None  # editors leave it to the window where they have nothing to undo
    assert not keymap.own("undo")


def test_what_was_chosen_comes_back_from_its_line(keymap: Keymap) -> None:
    keymap.give("send", "Alt+Return")
    keymap.give("quit", "Ctrl+Alt+F5")
    keymap.take_away("save_article")
    other = Keymap(SPECS)
    other.load(keymap.dump())
    assert {spec.id: other.keys(spec.id) for spec in SPECS} == {spec.id: keymap.keys(spec.id) for spec in SPECS}
    assert other.keys("save_article") == ()
    assert other.keys("send") == ("Alt+Enter", "Alt+Return")


def test_a_line_from_elsewhere_cannot_break_typing_or_give_keys_twice(keymap: Keymap) -> None:
    keymap.load("quit=K nonsense send=Ctrl+C save_article=F7 gone=F8 undo_article=F7 =F9 undo=F7")
    assert keymap.keys("quit") == ("Ctrl+Q",)
    assert keymap.keys("send") == ("Ctrl+Enter", "Ctrl+Return")
    assert keymap.keys("save_article") == ("F7",)
    assert keymap.keys("undo_article") == ("Ctrl+Z",)
    assert keymap.keys("undo") == ("F7",)  # on another screen


def test_an_agents_choice_wins_over_an_actions_own_keys(keymap: Keymap) -> None:
    keymap.load("quit=Ctrl+S")  # as if the program had given Ctrl+S to saving in a later version
    assert keymap.keys("quit") == ("Ctrl+S",)
    assert keymap.keys("save_article") == ()


def test_an_action_is_reset_unless_its_keys_are_taken(keymap: Keymap) -> None:
    keymap.give("save_article", "F7")
    keymap.give("quit", "Ctrl+S")
    refusal = keymap.reset("save_article")
    assert refusal is not None
    assert refusal.other is Key.ACTION_QUIT
    assert keymap.reset("quit") is None
    assert keymap.reset("save_article") is None
    assert keymap.dump() == ""
    keymap.give("quit", "F7")
    keymap.reset_all()
    assert not keymap.any_own


def test_the_presenter_waits_for_keys_until_some_can_be_had(keymap: Keymap) -> None:
    kept: list[str] = []
    presenter = KeysPresenter(SPECS, keymap, names=lambda spec: (spec.id, *keymap.keys(spec.id)), keep=kept.append)
    presenter.search("save")
    assert [spec.id for spec in presenter.lines] == ["save_article"]
    presenter.search("ctrl+z")
    assert [spec.id for spec in presenter.lines] == ["undo", "undo_article"]
    presenter.begin("quit")
    presenter.pressed("Ctrl+S")
    assert presenter.refusal is not None
    assert presenter.waiting_for == "quit"
    presenter.pressed("F4")
    assert (presenter.refusal, presenter.waiting_for, kept) == (None, "", ["quit=F4"])
    presenter.pressed("F5")  # nothing is waited for any more
    assert keymap.keys("quit") == ("F4",)


# keys of lists

IN_LISTS = (
    ActionSpec("quit", Key.ACTION_QUIT, Key.MENU_FILE, ("Ctrl+Q",)),
    ActionSpec("done", Key.ACTION_DONE, Key.MENU_INBOX, ("Alt+E",), ("E",)),
    ActionSpec("next_ticket", Key.ACTION_NEXT_TICKET, Key.MENU_TICKET, ("Alt+Down",), ("J",)),
    ActionSpec("edit_article", Key.ACTION_EDIT_ARTICLE, Key.MENU_KNOWLEDGE, ("F2",), ("Enter",)),
)


@pytest.mark.parametrize(
    ("keys", "needed"),
    [
        *((keys, False) for keys in ("K", "Shift+K", "Del", "Ctrl+A", "F5", "?")),
        *((keys, True) for keys in ("Down", "Shift+Down", "Return", "Space", "Ctrl+Home", "Ctrl+C")),
    ],
)
def test_keys_of_lists_are_known(keys: str, needed: bool) -> None:
    assert list_needs(keys) is needed


def test_a_letter_acts_in_its_own_list_alone() -> None:
    keymap = Keymap(IN_LISTS)
    assert keymap.in_list(DESK, "E") == "done"
    assert keymap.in_list(KNOWLEDGE, "E") is None
    assert keymap.in_list(KNOWLEDGE, "Return") == "edit_article"
    assert keymap.in_list(DESK, "Ctrl+Q") is None


def test_conflicts_in_a_list_are_refused_and_another_list_is_no_rival() -> None:
    keymap = Keymap(IN_LISTS, menus={"Alt+F": Key.MENU_FILE})
    for keys, why, other in (
        ("J", Refused.TAKEN, Key.ACTION_NEXT_TICKET),
        ("Ctrl+Q", Refused.TAKEN, Key.ACTION_QUIT),
        ("Alt+F", Refused.MENU, Key.MENU_FILE),
        ("Down", Refused.LIST, None),
    ):
        refusal = keymap.give(list_id("done"), keys)
        assert refusal is not None
        assert (refusal.why, refusal.other) == (why, other)
    assert keymap.give(list_id("edit_article"), "J") is None
    assert keymap.in_list(KNOWLEDGE, "J") == "edit_article"
    assert keymap.in_list(KNOWLEDGE, "Enter") is None
    assert keymap.give(list_id("edit_article"), "Return") is None  # its own one
    assert not keymap.any_own
    refusal = keymap.give("quit", "E")
    assert refusal is not None
    assert refusal.why is Refused.TYPING


def test_keys_that_act_anywhere_are_no_letters_and_letters_are_kept_by_list() -> None:
    keymap = Keymap(IN_LISTS)
    assert keymap.give(list_id("done"), "F7") is None
    refusal = keymap.give("quit", "F7")
    assert refusal is not None
    assert refusal.other is Key.ACTION_DONE
    keymap.give(list_id("done"), "D")
    keymap.take_away(list_id("next_ticket"))
    assert keymap.dump() == "done@list=D next_ticket@list="
    other = Keymap(IN_LISTS)
    other.load(keymap.dump() + " done=K edit_article@list=Down quit@list=X")
    assert other.in_list(DESK, "D") == "done"
    assert other.in_list(DESK, "E") is None
    assert other.in_list(DESK, "J") is None
    assert other.keys("done") == ("Alt+E",)
    assert other.in_list(KNOWLEDGE, "Enter") == "edit_article"
    assert other.reset(list_id("next_ticket")) is None
    assert other.in_list(DESK, "J") == "next_ticket"
