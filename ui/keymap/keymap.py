"""The keys in force: each action's own, and the agent's in their place. No Qt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ui.keymap.names import both_enters, list_needs, normal, typing_needs
from ui.keymap.spec import ActionSpec, Binding, bindings, screen_of, share_a_screen
from ui.observable import Changes
from ui.text_keys import Key


class Refused(StrEnum):
    """Why keys cannot be given to an action."""

    TYPING = "typing"
    LIST = "list"
    TAKEN = "taken"
    MENU = "menu"


@dataclass(frozen=True, slots=True)
class Refusal:
    """`other` is the text of the action or the menu that has the keys; None where text fields or lists need them."""

    why: Refused
    other: Key | None = None


class Keymap:
    """The keys of the actions of a table; `changes` tells that some are others now.

    An action's keys are asked for by its id, those that it has in its list by `list_id` of that: a letter counts only
    while the list has the keyboard, so it is no rival of what is typed elsewhere. `menus` are the keys that open menus.
    What an agent chose wins over what another action has of its own, so that a later version of the program takes no
    key away.
    """

    def __init__(self, specs: Sequence[ActionSpec], *, menus: Mapping[str, Key] | None = None) -> None:
        self._bindings = {binding.id: binding for binding in bindings(specs)}
        self._menus = {normal(keys): text for keys, text in (menus or {}).items()}
        self._chosen: dict[str, tuple[str, ...]] = {}
        self.changes = Changes()

    def keys(self, action_id: str) -> tuple[str, ...]:
        """The keys of an action in order; may be none."""
        if action_id in self._chosen:
            return self._chosen[action_id]
        binding = self._bindings[action_id]
        lost = {normal(keys) for other, chosen in self._chosen.items() if self._meet(binding, other) for keys in chosen}
        return tuple(keys for keys in binding.keys if normal(keys) not in lost)

    def in_list(self, screen: str, keys: str) -> str | None:
        """The id of the action that keys do in the list of a screen, None where they do none."""
        wanted = normal(keys)
        for binding in self._bindings.values():
            here = binding.in_list and screen_of(binding.spec) == screen
            if here and wanted in {normal(has) for has in self.keys(binding.id)}:
                return binding.spec.id
        return None

    def bindings(self, action_id: str) -> list[Binding]:
        """The scopes in which an action has keys: anywhere, and its list where it has keys of its own there."""
        return [one for one in self._bindings.values() if one.spec.id == action_id]

    def own(self, action_id: str) -> bool:
        """Whether the agent chose the action's keys."""
        return action_id in self._chosen

    @property
    def any_own(self) -> bool:
        """Whether the agent chose any keys."""
        return bool(self._chosen)

    def refusal(self, action_id: str, keys: str) -> Refusal | None:
        """Why an action cannot have these keys, None where it can. Its own first ones it can always have back."""
        binding, wanted = self._bindings[action_id], normal(keys)
        typed = not binding.in_list and typing_needs(wanted)  # then nothing is gained by changing what a list has
        for other in self._bindings.values():
            rival = self._meet(binding, other.id) and not (typed and other.in_list)
            if rival and wanted in {normal(has) for has in self.keys(other.id)}:
                return Refusal(Refused.TAKEN, other.spec.text)
        if wanted in {normal(has) for has in binding.keys}:
            return None
        if wanted in self._menus:
            return Refusal(Refused.MENU, self._menus[wanted])
        if binding.in_list:
            return Refusal(Refused.LIST) if list_needs(wanted) else None
        return Refusal(Refused.TYPING) if typed else None

    def give(self, action_id: str, keys: str) -> Refusal | None:
        """Let these keys do the action in place of those that did; nothing changes where it is refused."""
        refusal = self.refusal(action_id, keys)
        if refusal is None:
            self._choose(action_id, both_enters(keys))
        return refusal

    def take_away(self, action_id: str) -> None:
        """Let no keys do the action; the menu and the palette still do."""
        self._choose(action_id, ())

    def reset(self, action_id: str) -> Refusal | None:
        """Give an action its own keys again, unless another one has them by now."""
        for keys in self._bindings[action_id].keys:
            refusal = self.refusal(action_id, keys)
            if refusal is not None:
                return refusal
        if self._chosen.pop(action_id, None) is not None:
            self.changes.notify()
        return None

    def reset_all(self) -> None:
        """Give every action its own keys again."""
        self._chosen.clear()
        self.changes.notify()

    def dump(self) -> str:
        """What the agent chose, in one line: "accept=Alt+Q take=", an action twice where it has two keys."""
        return " ".join(
            f"{action}={keys}" for action, chosen in sorted(self._chosen.items()) for keys in chosen or ("",)
        )

    def load(self, text: str) -> None:
        """Take what `dump` wrote. What this version does not know, or would have to refuse, is left out."""
        self._chosen = {}
        for entry in text.split():
            action, _, keys = entry.partition("=")
            if action in self._bindings:
                self._load_one(action, keys)
        self.changes.notify()

    def _load_one(self, action: str, keys: str) -> None:
        needed = list_needs if self._bindings[action].in_list else typing_needs
        if not keys:
            self._chosen[action] = ()
        elif not needed(keys) and not self._chosen_elsewhere(action, keys):
            self._chosen[action] = (*self._chosen.get(action, ()), keys)

    def _chosen_elsewhere(self, action: str, keys: str) -> bool:
        binding = self._bindings[action]
        return any(
            normal(keys) in {normal(has) for has in chosen}
            for other, chosen in self._chosen.items()
            if self._meet(binding, other)
        )

    def _meet(self, binding: Binding, other_id: str) -> bool:
        """Whether one key for both would leave it open which of them is meant: each screen has one list, and what acts
        anywhere acts there too. An action is no rival of itself."""
        other = self._bindings[other_id].spec
        return other.id != binding.spec.id and share_a_screen(binding.spec, other)

    def _choose(self, action_id: str, keys: tuple[str, ...]) -> None:
        own = {normal(has) for has in self._bindings[action_id].keys}
        if keys and {normal(has) for has in keys} == own:
            self._chosen.pop(action_id, None)
        else:
            self._chosen[action_id] = keys
        self.changes.notify()
