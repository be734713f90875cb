"""The settings' screen in the window."""

from dataclasses import dataclass

from ui.settings.presenter import SettingsPresenter
from ui.settings.view import SettingsView
from ui.shell.rooms.host import Host
from ui.text_keys import Key


@dataclass(frozen=True)
class SettingsRoom:
    """The settings and their screen."""

    presenter: SettingsPresenter
    view: SettingsView


def settings(rooms: Host) -> SettingsRoom:
    """Make the screen."""
    window = rooms.window
    presenter = SettingsPresenter(
        rooms.services.settings, language=lambda: window.i18n.language, choose=window.choose, report=rooms.report
    )
    view = SettingsView(presenter, window.look, window.i18n, window.table)
    view.load_asked.connect(rooms.load_models)
    view.closed.connect(lambda: rooms.show(Key.MENU_TICKET))
    window.pages.addWidget(view)
    return SettingsRoom(presenter, view)
