"""The palette over the window."""

from dataclasses import dataclass

from ui.keymap.spec import ActionSpec
from ui.palette.presenter import PalettePresenter
from ui.palette.view import PaletteView
from ui.shell.commands import commands, plain_name
from ui.shell.rooms.host import Host
from ui.text_keys import Key


@dataclass(frozen=True)
class PaletteRoom:
    """What it lists, and its widgets."""

    presenter: PalettePresenter
    view: PaletteView


def palette(rooms: Host) -> PaletteRoom:
    """Make the palette."""
    window = rooms.window
    presenter = PalettePresenter(
        rooms.services.tickets,
        rooms.tasks.scope(),
        commands=lambda: commands(
            window.table,
            window.i18n,
            choose=window.choose,
            show_screen=lambda spec: _show_screen(rooms, spec),
            show_setting=rooms.show_setting,
        ),
        go_to=rooms.go_to,
    )
    return PaletteRoom(presenter, PaletteView(window.centre, presenter, window.look, window.i18n))


def _show_screen(rooms: Host, spec: ActionSpec) -> None:
    """An action of another screen: go there and say how to do it, for nobody sees yet what it would act on."""
    if spec.menu is not None:
        rooms.show(spec.menu)
        i18n, actions = rooms.window.i18n, rooms.window.table
        screen, keys = plain_name(i18n(spec.menu)), actions.keys(spec.id)
        key = Key.PALETTE_THERE if keys else Key.PALETTE_THERE_NO_KEY
        rooms.window.toast.say(i18n(key, screen=screen, keys=keys, action=actions.title(spec.id)))
