"""What opens over and beside the tickets, each made when it is first opened.

A room is a function in a module of its own beside this one: it makes the room's presenter and view of `Rooms` and ties
them to the window. Until then neither are its modules imported nor its widgets there.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from agent_assist.domain.events import DomainEvent
from agent_assist.late import Late, load
from ui.actions import ACTIONS
from ui.shell.help import AboutDialog
from ui.shell.rooms.host import KEYS, TOUR_SEEN, Host
from ui.text_keys import Key

if TYPE_CHECKING:
    from ui.keys.presenter import KeysPresenter
    from ui.keys.view import KeysDialog
    from ui.log.view import LogView
    from ui.models.presenter import ModelsPresenter
    from ui.models.view import ModelsView
    from ui.palette.presenter import PalettePresenter
    from ui.palette.view import PaletteView
    from ui.settings.presenter import SettingsPresenter
    from ui.settings.view import SettingsView
    from ui.shell.rooms.keys import KeysRoom
    from ui.shell.rooms.knowledge import KnowledgeRoom
    from ui.shell.rooms.models import ModelsRoom
    from ui.shell.rooms.notices import NoticesRoom
    from ui.shell.rooms.palette import PaletteRoom
    from ui.shell.rooms.settings import SettingsRoom
    from ui.shell.rooms.tour import TourRoom
    from ui.tour.presenter import TourPresenter
    from ui.tour.view import TourBubble, TourOffer

TEXT_STEP = 0.1
# Imported at leisure, so that opening a room waits for its widgets alone.
AT_LEISURE = (
    "ui.shell.rooms.palette",
    "ui.knowledge.presenter",
    "ui.knowledge.catalogue.view",
    "ui.knowledge.article.view",
    "ui.knowledge.editor.view",
    "ui.shell.rooms.knowledge",
    "ui.knowledge.parts",
    "ui.shell.rooms.settings",
    "ui.shell.rooms.models",
    "ui.shell.rooms.log",
    "ui.shell.rooms.keys",
    "ui.shell.rooms.tour",
)


class Rooms(Host):
    """The rooms, and their keys."""

    knowledge: Late[KnowledgeRoom] = Late("ui.shell.rooms.knowledge:knowledge")
    log: Late[LogView] = Late("ui.shell.rooms.log:log")
    palette_room: Late[PaletteRoom] = Late("ui.shell.rooms.palette:palette")
    settings_room: Late[SettingsRoom] = Late("ui.shell.rooms.settings:settings")
    models_room: Late[ModelsRoom] = Late("ui.shell.rooms.models:models")
    tour_room: Late[TourRoom] = Late("ui.shell.rooms.tour:tour")
    keys_room: Late[KeysRoom] = Late("ui.shell.rooms.keys:keys")
    notices_room: Late[NoticesRoom] = Late("ui.shell.rooms.notices:notices")

    def __post_init__(self) -> None:
        super().__post_init__()
        window, actions = self.window, self.window.table
        actions.keymap.load(self.services.settings.text(KEYS))
        for spec in ACTIONS:
            if spec.menu is Key.MENU_KNOWLEDGE:
                actions.on(spec.id, partial(self._in_knowledge, spec.id))
        actions.on("tour", lambda: self.tour.start())
        actions.on("settings", self.show_settings)
        actions.on("models", self.show_models)
        actions.on("palette", lambda: self.palette_view.open())
        actions.on("shortcuts", self.show_keys)
        actions.on("about", lambda: AboutDialog(window, window.i18n).open())
        actions.on("larger_text", lambda: self._resize_text(TEXT_STEP))
        actions.on("smaller_text", lambda: self._resize_text(-TEXT_STEP))
        actions.on("normal_text", lambda: window.choose("ui.font_scale", "1"))

    # the rooms' parts

    @property
    def palette(self) -> PalettePresenter:
        """What the palette lists."""
        return self.palette_room.presenter

    @property
    def palette_view(self) -> PaletteView:
        """The palette."""
        return self.palette_room.view

    @property
    def settings(self) -> SettingsPresenter:
        """The settings."""
        return self.settings_room.presenter

    @property
    def settings_view(self) -> SettingsView:
        """Their screen."""
        return self.settings_room.view

    @property
    def models(self) -> ModelsPresenter:
        """The models."""
        return self.models_room.presenter

    @property
    def models_view(self) -> ModelsView:
        """Their screen."""
        return self.models_room.view

    @property
    def tour(self) -> TourPresenter:
        """The tour."""
        return self.tour_room.presenter

    @property
    def tour_bubble(self) -> TourBubble:
        """What it says."""
        return self.tour_room.bubble

    @property
    def tour_offer(self) -> TourOffer:
        """The line that offers it."""
        return self.tour_room.offer

    @property
    def keys(self) -> KeysPresenter:
        """The list of keys."""
        return self.keys_room.presenter

    # coming and going

    async def prepare(self) -> None:
        """What acts by itself; then import, at leisure, what opening a room would wait for."""
        self.notices_room.presenter.start()
        if not self.window.memory.value(TOUR_SEEN):
            self.tour_room  # noqa: B018  # shows the offer
        await load(AT_LEISURE)

    async def finish(self) -> None:
        """Store what is unsaved."""
        knowledge = Rooms.knowledge.made(self)
        if knowledge is not None:
            knowledge.view.remember()
            await knowledge.presenter.finish()

    def handle(self, event: DomainEvent) -> None:
        """Pass on what happened elsewhere to the rooms that are there; the others read anew when they are opened."""
        if (knowledge := Rooms.knowledge.made(self)) is not None:
            knowledge.presenter.handle(event)
        if (models := Rooms.models_room.made(self)) is not None:
            models.presenter.handle(event)
        if (notices := Rooms.notices_room.made(self)) is not None:
            notices.presenter.handle(event)

    def in_knowledge(self, page: QWidget | None = None) -> bool:
        """Whether `page`, or what is shown, is the knowledge."""
        knowledge = Rooms.knowledge.made(self)
        return knowledge is not None and knowledge.view is (page or self.window.pages.currentWidget())

    def left(self, page: QWidget) -> None:
        """`page` is shown, so others are not."""
        knowledge, models = Rooms.knowledge.made(self), Rooms.models_room.made(self)
        if knowledge is not None and page is not knowledge.view and knowledge.presenter.active:
            knowledge.presenter.deactivate()
        if models is not None and page is not models.view:
            models.presenter.deactivate()

    def show_settings(self) -> None:
        """Show the settings."""
        view = self.settings_view
        self.show_page(view)
        view.search.clear()
        view.render_settings()
        view.focus_search()

    def show_setting(self, name: str) -> None:
        """Show one setting."""
        self.show_settings()
        self.settings_view.show_only(name)

    def show_models(self) -> None:
        """Show the models, read anew."""
        self.show_page(self.models_view)
        self.models.activate()
        self.models_view.focus_start()

    def show_keys(self) -> KeysDialog:
        """Open the list of keys."""
        return self.keys_room.open()

    def loaded_anew(self) -> None:
        """The models run by the present settings."""
        if (settings := Rooms.settings_room.made(self)) is not None:
            settings.presenter.loaded_anew()

    def load_models(self) -> None:
        """Let the engine load its models anew."""
        self.models.load_anew()

    def _in_knowledge(self, action_id: str) -> None:
        """The room binds its keys itself when it is made."""
        self.knowledge  # noqa: B018  # made by being asked for
        self.window.table.trigger(action_id)

    def _resize_text(self, step: float) -> None:
        scale = min(2.0, max(0.8, round(self.window.look.font_scale + step, 2)))
        self.window.choose("ui.font_scale", f"{scale:g}")
