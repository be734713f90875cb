"""The log's screen in the window."""

from ui.log.view import LogView
from ui.shell.rooms.host import Host
from ui.text_keys import Key


def log(rooms: Host) -> LogView:
    """Make the screen."""
    window, presenter = rooms.window, rooms.desk.log
    view = LogView(presenter, window.look, window.i18n)
    view.closed.connect(lambda: rooms.show(Key.MENU_TICKET))

    def exported() -> None:
        done = presenter.exported
        if done is not None:
            window.toast.say(window.i18n(Key.TOAST_EXPORTED, n=done.count, file=done.path.name))

    presenter.exported_changes.subscribe(exported)
    window.pages.addWidget(view)
    return view
