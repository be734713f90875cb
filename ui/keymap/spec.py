"""What an action is; the table itself is `ui.actions.ACTIONS`. No Qt."""

from dataclasses import dataclass

from ui.text_keys import Key


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """An action: `keys` act anywhere in the window and can be changed, `local_keys` belong to one widget."""

    id: str
    text: Key
    menu: Key | None = None
    keys: tuple[str, ...] = ()
    local_keys: tuple[str, ...] = ()
    icon: str = ""
    separated: bool = False


# The actions of these menus act on one screen only, so one key may mean something else on another.
DESK, KNOWLEDGE = "desk", "knowledge"
SCREENS = {Key.MENU_INBOX: DESK, Key.MENU_TICKET: DESK, Key.MENU_KNOWLEDGE: KNOWLEDGE}


def screen_of(spec: ActionSpec) -> str | None:
    """The screen that an action acts on, None for those that act anywhere."""
    return SCREENS.get(spec.menu) if spec.menu else None


def share_a_screen(one: ActionSpec, other: ActionSpec) -> bool:
    """Whether one key for both would leave it open which of them is meant."""
    screens = {screen_of(one), screen_of(other)}
    return len(screens) == 1 or None in screens
