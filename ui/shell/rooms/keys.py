"""The list of keys."""

from dataclasses import dataclass

from ui.actions import ACTIONS
from ui.keymap.spec import ActionSpec
from ui.keys.presenter import KeysPresenter
from ui.keys.view import KeysDialog
from ui.shell.commands import action_names
from ui.shell.rooms.host import Host
from ui.shell.window import Window


@dataclass(frozen=True)
class KeysRoom:
    """The keys, and the dialog that is made each time it is opened."""

    presenter: KeysPresenter
    window: Window

    def open(self) -> KeysDialog:
        """Open the list."""
        window = self.window
        dialog = KeysDialog(window, self.presenter, window.table, window.look, window.i18n)
        dialog.open()
        return dialog


def keys(rooms: Host) -> KeysRoom:
    """Make the list of keys."""
    actions = rooms.window.table

    def names(spec: ActionSpec) -> tuple[str, ...]:
        return (*action_names(spec), actions.keys(spec.id, every=True))

    return KeysRoom(KeysPresenter(ACTIONS, actions.keymap, names=names, keep=rooms.keep_keys), rooms.window)
