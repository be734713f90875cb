"""What an action is; the table itself is `ui.actions.ACTIONS`. No Qt."""

from collections.abc import Iterable
from dataclasses import dataclass

from ui.text_keys import Key


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """An action: `keys` act anywhere in the window, `list_keys` while its screen's list has the keyboard; both can be
    changed. `local_keys` belong to one widget and stay."""

    id: str
    text: Key
    menu: Key | None = None
    keys: tuple[str, ...] = ()
    list_keys: tuple[str, ...] = ()
    local_keys: tuple[str, ...] = ()
    icon: str = ""
    separated: bool = False


# The actions of these menus act on one screen only, so one key may mean something else on another.
DESK, KNOWLEDGE = "desk", "knowledge"
SCREENS = {Key.MENU_INBOX: DESK, Key.MENU_TICKET: DESK, Key.MENU_KNOWLEDGE: KNOWLEDGE}


def screen_of(spec: ActionSpec) -> str | None:
    """The screen that an action acts on, None for those that act anywhere."""
    return SCREENS.get(spec.menu) if spec.menu else None


@dataclass(frozen=True, slots=True)
class Binding:
    """The keys of an action in one scope; `id` is the action's, with a mark where they act in its list only."""

    id: str
    spec: ActionSpec
    keys: tuple[str, ...]
    in_list: bool = False


def list_id(action_id: str) -> str:
    """The id of the keys that an action has in its list."""
    return f"{action_id}@list"


def bindings(specs: Iterable[ActionSpec]) -> list[Binding]:
    """The keys of all actions, each action's in its list behind those that act anywhere."""
    made = []
    for spec in specs:
        made.append(Binding(spec.id, spec, spec.keys))
        if spec.list_keys:
            made.append(Binding(list_id(spec.id), spec, spec.list_keys, in_list=True))
    return made


def share_a_screen(one: ActionSpec, other: ActionSpec) -> bool:
    """Whether one key for both would leave it open which of them is meant."""
    screens = {screen_of(one), screen_of(other)}
    return len(screens) == 1 or None in screens
