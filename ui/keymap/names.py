"""Keys as texts, "Ctrl+Shift+K", in Qt's portable spelling; and which of them typing needs. No Qt."""

import re

_MODIFIERS = ("Meta", "Ctrl", "Alt", "Shift")
_FUNCTION_KEY = re.compile(r"F([1-9]|[12]\d|3[0-5])")
# What text fields do with Ctrl: all, copy, paste, cut, undo, redo; by words and to the ends, with Shift selecting.
_EDITING = frozenset({"A", "C", "V", "X", "Z", "Y", "Backspace", "Del", "Ins"})
_MOVING = frozenset({"Left", "Right", "Up", "Down", "Home", "End"})


# What a list does with keys of its own: moving, choosing, going on and back, copying.
_WALKING = frozenset({*_MOVING, "PgUp", "PgDown", "Tab", "Backtab", "Enter", "Space", "Esc"})


def normal(keys: str) -> str:
    """One spelling for keys that are the same: modifiers in Qt's order, both enter keys as "Enter"."""
    modifiers, key = parts(keys)
    key = "Enter" if key == "Return" else key.upper() if len(key) == 1 else key
    return "+".join([*(name for name in _MODIFIERS if name in modifiers), key])


def both_enters(keys: str) -> tuple[str, ...]:
    """The keys, and where the enter key is among them the same with the one of the number pad."""
    spelled = normal(keys)
    return (spelled, spelled[: -len("Enter")] + "Return") if parts(spelled)[1] == "Enter" else (spelled,)


def parts(keys: str) -> tuple[frozenset[str], str]:
    """The modifiers, and the key; the key may be "+" itself."""
    head, key = (keys[:-1].rstrip("+"), "+") if keys.endswith("+") else keys.rpartition("+")[::2]
    return frozenset(name for name in head.split("+") if name), key


def typing_needs(keys: str) -> bool:
    """Whether a text field would have to do without these keys: letters, arrows, copying, characters of AltGr."""
    modifiers, key = parts(normal(keys))
    if _FUNCTION_KEY.fullmatch(key):
        return False
    if not modifiers & {"Ctrl", "Alt", "Meta"}:
        return True
    if "Ctrl" in modifiers and "Alt" in modifiers:
        return len(key) == 1  # AltGr, with which many keyboards write @ and €
    if modifiers == {"Ctrl"}:
        return key in _EDITING | _MOVING
    return modifiers == {"Ctrl", "Shift"} and key in _MOVING | {"Z"}


def list_needs(keys: str) -> bool:
    """Whether a list would have to do without these keys; letters, digits and signs it can spare."""
    modifiers, key = parts(normal(keys))
    return (key in _WALKING and not modifiers & {"Alt", "Meta"}) or (modifiers == {"Ctrl"} and key == "C")
