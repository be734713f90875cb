"""What the rooms of the window are made of."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from agent_assist.errors import AgentAssistError
from ui.ports import Services
from ui.shell.desk_view import DeskView
from ui.shell.presenter import DeskPresenter
from ui.shell.window import Window
from ui.tasks import Tasks
from ui.text_keys import Key

KEYS, TOUR_SEEN = "ui.keys", "tour/seen"


@dataclass(eq=False, kw_only=True)
class Host(ABC):
    """Services, window and desk for the rooms, and what one room asks of another.

    `go_to` shows a ticket, `show` the screen of a menu, `show_page` a room's own screen; `told` says that the toast is
    now about an act in the knowledge; `pause` is how long (seconds) a burst of events is gathered.
    """

    services: Services
    window: Window
    tasks: Tasks
    desk: DeskPresenter
    desk_view: DeskView
    pause: float
    go_to: Callable[[str], object]
    show: Callable[[Key], object]
    show_page: Callable[[QWidget], object]
    told: Callable[[], None]

    def __post_init__(self) -> None:
        self._scope = self.tasks.scope()

    @abstractmethod
    def show_setting(self, name: str) -> None:
        """Show one setting."""

    @abstractmethod
    def load_models(self) -> None:
        """Let the engine load its models anew."""

    @abstractmethod
    def loaded_anew(self) -> None:
        """The models run by the present settings."""

    def report(self, error: AgentAssistError) -> None:
        """Tell an error that no work of its own stands behind."""

        async def work() -> None:
            raise error

        self._scope.start("report", work)

    def keep_keys(self, text: str) -> None:
        """Keep the keys that were changed."""

        async def work() -> None:
            self.services.settings.set_text(KEYS, text)

        self._scope.start("keys", work)
