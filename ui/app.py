"""The window as a program: shows itself first, then opens the profile, and ends in order."""

import argparse
import asyncio
import contextlib
import logging
import sys
from collections.abc import Awaitable, Callable, Sequence
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Protocol

import qasync
from platformdirs import user_config_path
from PySide6.QtCore import QLocale, QSettings
from PySide6.QtWidgets import QApplication

from agent_assist.domain.language import Language
from agent_assist.errors import AgentAssistError, ProfileLockedError
from ui.collector import MainThreadCollector
from ui.error_words import in_words
from ui.i18n import I18n
from ui.look import Look
from ui.ports import Services
from ui.shell.window import Window
from ui.tasks import Tasks
from ui.text_keys import Key

log = logging.getLogger(__name__)

APP_ID = "agent-assist"
PREFERENCES = ("ui.language", "ui.theme", "ui.font_scale")


class OpenProfile(Services, Protocol):
    """What opening a profile gives (`agent_assist.composition.App`)."""

    @property
    def profile_dir(self) -> Path: ...
    async def load(self) -> None: ...
    async def start(self) -> None: ...
    async def close(self) -> None: ...


class Ended(Protocol):
    """A session of the window; see `ui.shell.session.Session`."""

    async def close(self) -> None: ...


Opener = Callable[[str | None], Awaitable[OpenProfile]]


class Program:
    """One window over one profile."""

    def __init__(
        self, application: QApplication, memory: QSettings, open_profile: Opener, *, refresh_pause: float = 0.3
    ) -> None:
        self._memory = memory
        self._refresh_pause = refresh_pause
        self._open_profile = open_profile
        self._app: OpenProfile | None = None
        self._session: Ended | None = None
        self._log_file: logging.Handler | None = None
        self._closing = asyncio.Event()
        self.opened = asyncio.Event()
        self._told = False
        self.values = {
            name: str(memory.value(name, default))
            for name, default in zip(PREFERENCES, ("system", "system", "1"), strict=True)
        }
        self.i18n = I18n(language_of(self.values["ui.language"]))
        self.look = Look(application, theme=self.values["ui.theme"], font_scale=_scale(self.values["ui.font_scale"]))
        self.tasks = Tasks(self.report)
        self._scope = self.tasks.scope()
        self.window = Window(self.look, self.i18n, memory, choose=self.choose)
        self.window.closing.connect(self._closing.set)
        self.window.start_page.opened.connect(self._open_again)
        self._collector = MainThreadCollector(application)
        self.look.setParent(self.window)  # nothing of Qt outlives the window
        self._apply()

    @property
    def session(self) -> Ended | None:
        """The open profile's session, None before."""
        return self._session

    @property
    def closing(self) -> bool:
        """Whether the window was closed and what is unsaved is being stored."""
        return self._closing.is_set()

    async def run(self) -> None:
        """Show the window, open the profile, and return when the window was closed and everything is stored."""
        self._collector.start()
        self.window.show()
        await asyncio.sleep(0.01)  # the first paint comes before the imports of the services
        self._open_again(None)
        await self._closing.wait()
        await self._end()
        await asyncio.sleep(0)  # a turn of the loop, in which Qt deletes the window
        self._collector.stop()

    def report(self, error: Exception) -> None:
        """The one place where errors reach the agent: a sentence for what was foreseen, a log entry for the rest."""
        if isinstance(error, AgentAssistError):
            log.info("%s told to the agent", type(error).__name__)
            self.window.notice.say(in_words(self.i18n, str(error)))
            return
        log.error("unexpected error", exc_info=error)
        if not self._told:
            self._told = True
            self.window.notice.say(self.i18n(Key.NOTICE_UNEXPECTED))

    def choose(self, setting: str, value: str) -> None:
        """Set a preference, at once and for the next time."""
        try:
            if self._app is not None:
                self._app.settings.set_text(setting, value)
        except AgentAssistError as error:
            self.report(error)
        self.values[setting] = value
        self._apply()

    def _open_again(self, passphrase: object) -> None:
        text = passphrase if isinstance(passphrase, str) else None
        self._scope.start("open", lambda: self._open(text))

    async def _open(self, passphrase: str | None) -> None:
        page = self.window.start_page
        page.show_opening()
        try:
            self._app = await self._open_profile(passphrase)
        except ProfileLockedError as error:
            page.show_locked(str(error))
            return
        except AgentAssistError as error:
            page.show_failed(str(error))
            return
        self._log_file = _log_into(self._app.profile_dir)
        self.values = {name: self._app.settings.text(name) for name in PREFERENCES}
        self._apply()
        from ui.shell.session import Session  # the screens need the services, which take longer to import

        session = Session(self._app, self.window, self.tasks, refresh_pause=self._refresh_pause)
        self._session = session
        await session.shown()  # what is not on the screen yet comes after what is
        await self._app.load()
        await session.furnish()
        await self._app.start()
        self.opened.set()
        await session.rooms.prepare()
        self._collector.settle()

    def _apply(self) -> None:
        self.i18n.switch(language_of(self.values["ui.language"]))
        self.look.set(theme=self.values["ui.theme"], font_scale=_scale(self.values["ui.font_scale"]))
        shown = {"ui.language": self.i18n.language.value}
        for name, value in self.values.items():
            self._memory.setValue(name, value)
            self.window.menus.tick(name, shown.get(name, value))

    async def _end(self) -> None:
        if self._session is not None:
            await self._session.close()
        await self.tasks.close()
        if self._app is not None:
            await self._app.close()
        if self._log_file is not None:
            logging.getLogger().removeHandler(self._log_file)
            self._log_file.close()
        self._memory.sync()
        self.window.close_now()
        self.window.deleteLater()


def language_of(value: str) -> Language:
    """The language of the setting `ui.language`; "system" follows the desktop."""
    with contextlib.suppress(ValueError):
        return Language(value)
    chinese = QLocale.system().language() == QLocale.Language.Chinese
    return Language.ZH if chinese else Language.EN


def _scale(value: str) -> float:
    with contextlib.suppress(ValueError):
        return min(2.0, max(0.8, float(value)))
    return 1.0


def _log_into(profile_dir: Path) -> logging.Handler:
    """Write the log into the profile from now on; customer text never goes there."""
    folder = profile_dir / "log"
    folder.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(folder / "window.log", maxBytes=1_000_000, backupCount=3, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    return handler


def _catch_all(program: Program) -> None:
    """Errors in slots and in the loop's own callbacks reach the same reporter."""

    def hook(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        if isinstance(error, Exception):
            program.report(error)

    def in_loop(_loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        error = context.get("exception")
        if isinstance(error, Exception):
            program.report(error)
        else:
            log.error("event loop: %s", context.get("message"))

    sys.excepthook = hook
    asyncio.get_running_loop().set_exception_handler(in_loop)


def _opener(directory: Path | None) -> Opener:
    async def open_profile(passphrase: str | None) -> OpenProfile:
        from agent_assist.composition import open_app  # after the first paint

        return await open_app(directory, passphrase=passphrase)

    return open_profile


async def _quit_when_open(program: Program) -> None:
    await program.opened.wait()
    program.window.close()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the window; returns the exit code."""
    parser = argparse.ArgumentParser(prog="agent-assist-ui", description="The window of Agent Assist.")
    parser.add_argument("--profile", type=Path, default=None, metavar="DIR", help="folder with tickets and settings")
    parser.add_argument("--quit-after-start", action="store_true", help="open and close: checks an installation")
    options = parser.parse_args(arguments)
    application = QApplication(sys.argv[:1])
    application.setApplicationName(APP_ID)
    application.setDesktopFileName(APP_ID)
    application.setQuitOnLastWindowClosed(False)
    application.setStyle("Fusion")
    folder = options.profile or user_config_path(APP_ID, appauthor=False)
    memory = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)

    async def run() -> None:
        program = Program(application, memory, _opener(options.profile))
        _catch_all(program)
        quitting = asyncio.create_task(_quit_when_open(program)) if options.quit_after_start else None
        await program.run()
        if quitting is not None:
            await quitting

    with qasync.QEventLoop(application) as loop:
        loop.run_until_complete(run())
    return 0


if __name__ == "__main__":
    sys.exit(main())
