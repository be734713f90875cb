"""The list of keys and changing them: what is listed, what is chosen, what was refused. No Qt."""

from collections.abc import Callable, Sequence

from ui.keymap.keymap import Keymap, Refusal
from ui.keymap.spec import ActionSpec, Binding, bindings
from ui.observable import Changes
from ui.palette.matching import rank


class KeysPresenter:
    """`names` gives the texts by which an action is found, in both languages; `kept` is told the keys to keep.

    `changes` tells of other lines, another state, or other keys.
    """

    def __init__(
        self,
        specs: Sequence[ActionSpec],
        keymap: Keymap,
        *,
        names: Callable[[ActionSpec], Sequence[str]],
        keep: Callable[[str], object],
    ) -> None:
        self._specs = specs
        self._names = names
        self._keep = keep
        self.keymap = keymap
        self.lines: Sequence[Binding] = bindings(specs)
        self.waiting_for = ""
        self.refusal: Refusal | None = None
        self.refused_keys = ""
        self.changes = Changes()

    def search(self, typed: str) -> None:
        """List the actions that `typed` finds, in the table's order; a line for each scope in which one has keys."""
        self.lines = bindings(spec for spec in self._specs if rank(typed, self._names(spec)) is not None)
        self.changes.notify()

    def begin(self, action_id: str) -> None:
        """The next keys pressed are for this line."""
        self.waiting_for, self.refusal = action_id, None
        self.changes.notify()

    def pressed(self, keys: str) -> None:
        """Keys were pressed; where they cannot be had, others are waited for."""
        if not self.waiting_for:
            return
        self.refusal, self.refused_keys = self.keymap.give(self.waiting_for, keys), keys
        if self.refusal is None:
            self._done()
        else:
            self.changes.notify()

    def cancel(self) -> None:
        """Wait for keys no longer."""
        self.waiting_for, self.refusal = "", None
        self.changes.notify()

    def take_away(self, action_id: str) -> None:
        """Let no keys do an action."""
        self.keymap.take_away(action_id)
        self._done()

    def reset(self, action_id: str) -> None:
        """Give an action its own keys again; refused where another one has them by now."""
        self.waiting_for, self.refused_keys = "", ""
        self.refusal = self.keymap.reset(action_id)
        if self.refusal is None:
            self._done()
        else:
            self.changes.notify()

    def reset_all(self) -> None:
        """Give every action its own keys again."""
        self.keymap.reset_all()
        self._done()

    def _done(self) -> None:
        self.waiting_for, self.refusal = "", None
        self._keep(self.keymap.dump())
        self.changes.notify()
