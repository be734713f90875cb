"""The settings as rows: found by typing, written at once, refused with a sentence. No Qt."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agent_assist.domain.language import Language
from agent_assist.errors import AgentAssistError
from agent_assist.settings import SECTIONS, SETTINGS, AnySetting, Applies
from ui.observable import Changes
from ui.palette.matching import rank
from ui.ports.program import Preferences

# These change how the window looks, which the program itself does.
LOOKS = frozenset({"ui.language", "ui.theme", "ui.font_scale"})
# Written by a screen of its own.
KEYS = "ui.keys"


@dataclass(frozen=True, slots=True)
class Row:
    """A setting with its value as people write it."""

    setting: AnySetting
    text: str
    default: bool


class SettingsPresenter:
    """`choose` sets what changes the look; `report` hears what the disk refused. `changes` tells of rows or values."""

    def __init__(
        self,
        settings: Preferences,
        *,
        language: Callable[[], Language],
        choose: Callable[[str, str], object],
        report: Callable[[AgentAssistError], object],
    ) -> None:
        self._settings = settings
        self._language = language
        self._choose = choose
        self._report = report
        self._typed = ""
        self.problems: dict[str, str] = {}
        self.needs_loading = False
        self.changes = Changes()

    def search(self, typed: str) -> None:
        """Show the settings that `typed` finds by title, help text or name, in either language."""
        self._typed = typed.strip()
        self.changes.notify()

    def shown(self) -> set[str]:
        """The names of the settings that were found."""
        return {name for name, setting in SETTINGS.items() if rank(self._typed, _names(setting)) is not None}

    def sections(self) -> Sequence[tuple[str, Sequence[Row]]]:
        """Every section with all its settings, in the catalog's order."""
        rows: dict[str, list[Row]] = {section: [] for section in SECTIONS}
        for setting in SETTINGS.values():
            rows[setting.section].append(self.row(setting.name))
        return [(section, found) for section, found in rows.items() if found]

    def row(self, name: str) -> Row:
        """One setting as it is now."""
        return Row(SETTINGS[name], self._settings.text(name), self._settings.is_default(name))

    def check(self, name: str, text: str) -> bool:
        """Look at what is being typed; whether it could be kept."""
        problem = SETTINGS[name].problem(text, self._language())
        if problem != self.problems.get(name, ""):
            self.problems[name] = problem
            self.changes.notify()
        return not problem

    def write(self, name: str, text: str) -> None:
        """Keep a value that is one; the sentence of any other stays beside it."""
        if self.check(name, text) and text.strip() != self._settings.text(name):
            self._keep(name, lambda: self._set(name, text))

    def reset(self, name: str) -> None:
        """Go back to the default."""
        self.problems.pop(name, None)
        if name in LOOKS:
            self._choose(name, SETTINGS[name].write(SETTINGS[name].default))
        self._keep(name, lambda: self._settings.reset(name))

    def loaded_anew(self) -> None:
        """The models run by the present settings."""
        self.needs_loading = False
        self.changes.notify()

    def _set(self, name: str, text: str) -> None:
        if name in LOOKS:
            self._choose(name, text)
        else:
            self._settings.set_text(name, text)

    def _keep(self, name: str, act: Callable[[], object]) -> None:
        before = self._settings.text(name)
        try:
            act()
        except AgentAssistError as error:
            self._report(error)
        if SETTINGS[name].applies is Applies.WITH_ENGINE and self._settings.text(name) != before:
            self.needs_loading = True
        self.changes.notify()


def _names(setting: AnySetting) -> tuple[str, ...]:
    return (
        setting.title_en,
        setting.title_zh,
        setting.help_en,
        setting.help_zh,
        setting.name,
        *SECTIONS[setting.section],
        *(name for names in setting.names.values() for name in names),
    )
