"""What opens over and beside the tickets: palette, list of keys, settings, models, tour and notices."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from agent_assist.domain.events import DomainEvent
from agent_assist.domain.tickets import TicketRow
from agent_assist.errors import AgentAssistError
from ui.actions import ACTIONS
from ui.desktop.presenter import UrgentNotices
from ui.desktop.tray import Notifier, Tray
from ui.inbox.presenter import InboxPresenter
from ui.keymap.spec import ActionSpec
from ui.keys.presenter import KeysPresenter
from ui.keys.view import KeysDialog
from ui.models.presenter import ModelsPresenter
from ui.models.view import ModelsView
from ui.palette.presenter import PalettePresenter
from ui.palette.view import PaletteView
from ui.ports import Services
from ui.settings.presenter import SettingsPresenter
from ui.settings.view import SettingsView
from ui.shell.commands import action_names, commands, plain_name
from ui.shell.help import AboutDialog
from ui.shell.window import Window
from ui.tasks import Tasks
from ui.text_keys import Key
from ui.tour.presenter import TourPresenter
from ui.tour.view import Places, TourBubble, TourOffer

KEYS = "ui.keys"
TEXT_STEP = 0.1
TOUR_SEEN, NOTIFICATIONS = "tour/seen", "ui.notifications"
# Tickets that a notice names; the desktop cuts longer texts.
URGENT_NAMED = 3


class Rooms:
    """Builds them over an open profile and binds their keys; `go_to` shows a ticket, `show` the screen of a menu."""

    def __init__(
        self,
        services: Services,
        window: Window,
        tasks: Tasks,
        *,
        inbox: InboxPresenter,
        places: Places,
        pause: float,
        go_to: Callable[[str], object],
        show: Callable[[Key], object],
        show_page: Callable[[QWidget], object],
    ) -> None:
        self._services, self._window, self._show, self._show_page = services, window, show, show_page
        actions, i18n = window.table, window.i18n
        self._scope, self._go_to = tasks.scope(), go_to
        actions.keymap.load(services.settings.text(KEYS))
        self.palette = PalettePresenter(
            services.tickets,
            tasks.scope(),
            commands=lambda: commands(
                actions,
                i18n,
                choose=window.choose,
                show_screen=self._show_screen,
                show_setting=self._show_setting,
            ),
            go_to=go_to,
        )
        self.palette_view = PaletteView(window.centre, self.palette, window.look, i18n)
        self.models = ModelsPresenter(services.models, services.self_test, tasks.scope(), loaded_anew=self._loaded_anew)
        self.models_view = ModelsView(self.models, window.look, i18n)
        self.settings = SettingsPresenter(
            services.settings, language=lambda: i18n.language, choose=window.choose, report=self._report
        )
        self.settings_view = SettingsView(self.settings, window.look, i18n, actions)
        self.settings_view.load_asked.connect(self.models.load_anew)
        for page in (self.settings_view, self.models_view):
            page.closed.connect(lambda: show(Key.MENU_TICKET))
            window.pages.addWidget(page)
        self.keys = KeysPresenter(ACTIONS, actions.keymap, names=self._names, keep=self._keep_keys)
        self.tour = TourPresenter(
            was_seen=bool(window.memory.value(TOUR_SEEN)),
            seen=lambda: window.memory.setValue(TOUR_SEEN, "1"),
            any_tickets=lambda: inbox.any_tickets,
            load_samples=lambda: actions.trigger("load_samples"),
            prepare=self._prepare_tour,
        )
        self._inbox = inbox
        self.tour_bubble = TourBubble(window, self.tour, window.look, i18n, actions, places)
        self.tour_offer = TourOffer(self.tour, i18n)
        window.add_above(self.tour_offer)
        inbox.counted.subscribe(self.tour.tickets_changed)
        self.notifier: Notifier = Tray(window, window.windowIcon(), name=i18n(Key.APP_TITLE))
        self.notices = UrgentNotices(
            services.tickets,
            tasks.scope(),
            away=lambda: not window.isActiveWindow(),
            wanted=lambda: services.settings.text(NOTIFICATIONS) == "true",
            tell=self._tell_urgent,
            pause=pause,
        )
        self.notices.start()
        actions.on("tour", self.tour.start)
        actions.on("settings", self.show_settings)
        actions.on("models", self.show_models)
        actions.on("palette", self.palette_view.open)
        actions.on("shortcuts", self.show_keys)
        actions.on("about", lambda: AboutDialog(window, i18n).open())
        actions.on("larger_text", lambda: self._resize_text(TEXT_STEP))
        actions.on("smaller_text", lambda: self._resize_text(-TEXT_STEP))
        actions.on("normal_text", lambda: window.choose("ui.font_scale", "1"))

    def handle(self, event: DomainEvent) -> None:
        """Pass on what happened elsewhere."""
        self.models.handle(event)
        self.notices.handle(event)

    def show_settings(self) -> None:
        """Show the settings."""
        self._show_page(self.settings_view)
        self.settings_view.search.clear()
        self.settings_view.render_settings()
        self.settings_view.focus_search()

    def _show_setting(self, name: str) -> None:
        self.show_settings()
        self.settings_view.show_only(name)

    def show_models(self) -> None:
        """Show the models, read anew."""
        self._show_page(self.models_view)
        self.models.activate()
        self.models_view.focus_start()

    def left(self, page: QWidget) -> None:
        """Another screen is shown."""
        if page is not self.models_view:
            self.models.deactivate()

    def show_keys(self) -> KeysDialog:
        """Open the list of keys."""
        dialog = KeysDialog(self._window, self.keys, self._window.table, self._window.look, self._window.i18n)
        dialog.open()
        return dialog

    def _prepare_tour(self) -> None:
        """The steps are about a ticket of the desk."""
        self._show(Key.MENU_TICKET)
        if self._inbox.selected_id is None:
            self._inbox.select_index(0)

    def _tell_urgent(self, rows: Sequence[TicketRow]) -> None:
        """Names and numbers only: a notice is read by whoever stands behind the agent."""
        i18n, first = self._window.i18n, rows[0]
        name = first.customer or i18n(Key.INBOX_UNNAMED)
        title = i18n(Key.URGENT_ONE, customer=name) if len(rows) == 1 else i18n(Key.URGENT_MANY, n=len(rows))
        numbers = ", ".join(row.id for row in rows[:URGENT_NAMED])
        self.notifier.show(title, numbers, clicked=lambda: self._come_to(first.id))

    def _come_to(self, ticket_id: str) -> None:
        self._window.come_forward()
        self._go_to(ticket_id)

    def _report(self, error: AgentAssistError) -> None:
        async def work() -> None:
            raise error

        self._scope.start("report", work)

    def _loaded_anew(self) -> None:
        self.settings.loaded_anew()

    def _names(self, spec: ActionSpec) -> tuple[str, ...]:
        return (*action_names(spec), self._window.table.keys(spec.id, every=True))

    def _keep_keys(self, text: str) -> None:
        async def work() -> None:
            self._services.settings.set_text(KEYS, text)

        self._scope.start("keys", work)

    def _show_screen(self, spec: ActionSpec) -> None:
        """An action of another screen: go there and say how to do it, for nobody sees yet what it would act on."""
        if spec.menu is not None:
            self._show(spec.menu)
            i18n, actions = self._window.i18n, self._window.table
            screen, keys = plain_name(i18n(spec.menu)), actions.keys(spec.id)
            key = Key.PALETTE_THERE if keys else Key.PALETTE_THERE_NO_KEY
            self._window.toast.say(i18n(key, screen=screen, keys=keys, action=actions.title(spec.id)))

    def _resize_text(self, step: float) -> None:
        scale = min(2.0, max(0.8, round(self._window.look.font_scale + step, 2)))
        self._window.choose("ui.font_scale", f"{scale:g}")
