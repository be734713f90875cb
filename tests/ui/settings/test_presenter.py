"""Settings are found, written, refused and reset over the real file; no window."""

from pathlib import Path

import pytest

from agent_assist.domain.language import Language
from agent_assist.errors import AgentAssistError
from agent_assist.settings import SETTINGS, Settings
from ui.settings.presenter import LOOKS, SettingsPresenter


class Bench:
    def __init__(self, path: Path, language: Language = Language.EN) -> None:
        self.path = path
        self.settings = Settings.load(path)
        self.chosen: list[tuple[str, str]] = []
        self.reported: list[AgentAssistError] = []
        self.presenter = SettingsPresenter(
            self.settings, language=lambda: language, choose=self.choose, report=self.reported.append
        )

    def choose(self, name: str, value: str) -> None:
        self.chosen.append((name, value))
        self.settings.set_text(name, value)

    def kept(self, name: str) -> str:
        return Settings.load(self.path).text(name)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "settings.toml")


def test_every_setting_of_the_catalog_has_its_row(bench: Bench) -> None:
    rows = [row.setting.name for _, rows in bench.presenter.sections() for row in rows]
    assert sorted(rows) == sorted(SETTINGS)
    assert all(bench.presenter.row(name).default for name in rows)


@pytest.mark.parametrize(
    ("typed", "found"),
    [("theme", "ui.theme"), ("主题", "ui.theme"), ("graphics card", "engine.device"), ("dark", "ui.theme")],
)
def test_settings_are_found_in_either_language(bench: Bench, typed: str, found: str) -> None:
    bench.presenter.search(typed)
    assert found in bench.presenter.shown()
    assert len(bench.presenter.shown()) < len(SETTINGS) / 2


def test_nothing_found_is_nothing_shown(bench: Bench) -> None:
    bench.presenter.search("zzzz")
    assert bench.presenter.shown() == set()


def test_a_value_is_kept_at_once(bench: Bench) -> None:
    bench.presenter.write("suggestion.max_passages", " 6 ")
    assert bench.kept("suggestion.max_passages") == "6"
    assert not bench.presenter.row("suggestion.max_passages").default
    bench.presenter.reset("suggestion.max_passages")
    assert bench.kept("suggestion.max_passages") == "4"
    assert bench.presenter.row("suggestion.max_passages").default


def test_a_wrong_value_is_a_sentence_in_the_windows_language_and_changes_nothing(tmp_path: Path) -> None:
    said = {}
    for language in Language:
        bench = Bench(tmp_path / f"{language}.toml", language)
        bench.presenter.write("suggestion.max_passages", "many")
        said[language] = bench.presenter.problems["suggestion.max_passages"]
        assert bench.kept("suggestion.max_passages") == "4"
        bench.presenter.write("suggestion.max_passages", "5")
        assert not bench.presenter.problems["suggestion.max_passages"]
    assert said == {
        Language.EN: "This takes a whole number from 1 to 10.",
        Language.ZH: "这里应填 1 到 10 之间的整数。",
    }


def test_what_is_typed_is_judged_before_it_is_kept(bench: Bench) -> None:
    told: list[str] = []
    bench.presenter.changes.subscribe(lambda: told.append("x"))
    assert not bench.presenter.check("service.opens", "8")
    assert bench.presenter.check("service.opens", "08:00")
    assert len(told) == 2
    assert bench.kept("service.opens") == "00:00"


def test_the_look_is_changed_by_the_program(bench: Bench) -> None:
    assert set(SETTINGS) >= LOOKS
    bench.presenter.write("ui.theme", "dark")
    assert bench.chosen == [("ui.theme", "dark")]
    bench.presenter.reset("ui.theme")
    assert bench.chosen[-1] == ("ui.theme", "system")
    assert bench.settings.is_default("ui.theme")


def test_settings_of_the_engine_wait_until_it_loads_anew(bench: Bench) -> None:
    bench.presenter.write("agent.name", "Han")
    assert not bench.presenter.needs_loading
    bench.presenter.write("engine.device", "cpu")
    assert bench.presenter.needs_loading
    bench.presenter.loaded_anew()
    assert not bench.presenter.needs_loading


def test_a_file_that_cannot_be_written_is_reported(bench: Bench) -> None:
    bench.path.with_name("settings.toml.partial").mkdir()
    bench.presenter.write("agent.name", "Han")
    assert len(bench.reported) == 1
    assert bench.presenter.row("agent.name").text == ""
