"""The models' screen in the window."""

from dataclasses import dataclass

from ui.models.presenter import ModelsPresenter
from ui.models.view import ModelsView
from ui.shell.rooms.host import Host
from ui.text_keys import Key


@dataclass(frozen=True)
class ModelsRoom:
    """The models and their screen."""

    presenter: ModelsPresenter
    view: ModelsView


def models(rooms: Host) -> ModelsRoom:
    """Make the screen; what the engine told before is passed on, its own state last, for that rules the others'."""
    window, services = rooms.window, rooms.services
    presenter = ModelsPresenter(services.models, services.self_test, rooms.tasks.scope(), loaded_anew=rooms.loaded_anew)
    for event in sorted(rooms.desk.status.states.values(), key=lambda event: event.model == "engine"):
        presenter.handle(event)
    view = ModelsView(presenter, window.look, window.i18n)
    view.closed.connect(lambda: rooms.show(Key.MENU_TICKET))
    window.pages.addWidget(view)
    return ModelsRoom(presenter, view)
