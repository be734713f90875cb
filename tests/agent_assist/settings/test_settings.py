"""Settings are checked, kept by profile, and survive hand editing."""

from dataclasses import asdict
from pathlib import Path

import pytest

from agent_assist.domain.language import Language
from agent_assist.errors import InputError, StorageFaultError
from agent_assist.settings import SECTIONS, SETTINGS, Settings, find_setting


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def test_without_a_file_all_settings_have_their_defaults(path: Path) -> None:
    settings = Settings.load(path)
    assert settings.values() == {name: setting.default for name, setting in SETTINGS.items()}
    assert settings.is_default("ui.theme")
    assert not path.exists()


def test_sections_hold_every_setting_under_its_name(path: Path) -> None:
    settings = Settings.load(path)
    sections = {name.split(".")[0] for name in SETTINGS}
    typed = {
        f"{section}.{key}": value for section in sections for key, value in asdict(getattr(settings, section)).items()
    }
    assert typed == settings.values()


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=list(SETTINGS))
def test_every_setting_is_well_described(setting: object) -> None:
    record = find_setting(setting.name)  # type: ignore[attr-defined]
    assert record.check(record.default) == record.default
    assert record.parse(record.write(record.default)) == record.default
    assert "" != record.help(Language.ZH) != record.help(Language.EN) != ""
    assert record.allowed()


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=list(SETTINGS))
def test_every_setting_and_choice_has_a_title_in_both_languages(setting: object) -> None:
    record = find_setting(setting.name)  # type: ignore[attr-defined]
    assert record.title(Language.ZH) != record.title(Language.EN)
    assert all(SECTIONS[record.section])
    assert set(record.names) == set(record.choices)
    for language in Language:
        names = [record.choice(choice, language) for choice in record.choices]
        assert all(names)
        assert len(set(names)) == len(names)
        # A title, a help text and a sentence about a wrong value say nothing in the other language.
        for text in (record.title(language), record.help(language), record.allowed(language)):
            chinese = any("\u4e00" <= letter <= "\u9fff" for letter in text)
            assert chinese is (language is Language.ZH), text


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("ui.font_scale", "9", "This takes a number from 0.8 to 2."),
        ("service.opens", "25:00", "This takes a text such as 00:00."),
        ("suggestion.max_passages", "4", ""),
    ],
)
def test_what_is_wrong_with_a_text_is_a_sentence(name: str, text: str, said: str) -> None:
    setting = find_setting(name)
    assert setting.problem(text, Language.EN) == said
    assert bool(setting.problem(text, Language.ZH)) is bool(said)


def test_a_set_value_is_there_after_loading_again(path: Path) -> None:
    Settings.load(path).update({"ui.font_scale": 1.5, "suggestion.prefetch": False, "shop.name": '青禾 "优选"'})
    again = Settings.load(path)
    assert (again.ui.font_scale, again.suggestion.prefetch, again.shop.name) == (1.5, False, '青禾 "优选"')
    assert list(path.parent.iterdir()) == [path]


def test_reset_goes_back_to_the_default(path: Path) -> None:
    settings = Settings.load(path)
    settings.set("ui.theme", "dark")
    settings.reset("ui.theme")
    assert settings.ui.theme == Settings.load(path).ui.theme == "system"


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("ui.theme", "blue", "one of system, light, dark"),
        ("ui.theme", 1, "one of system"),
        ("ui.font_scale", 9, "a number from 0.8 to 2"),
        ("ui.font_scale", float("nan"), "a number from 0.8 to 2"),
        ("ui.font_scale", True, "a number"),
        ("engine.gpu_layers", 1.5, "a whole number from -1 to 999"),
        ("suggestion.prefetch", 1, "true or false"),
        ("shop.name", "two\nlines", "a text in one line"),
    ],
)
def test_a_wrong_value_is_refused_by_name_with_what_is_allowed(
    path: Path, name: str, value: str | float, allowed: str
) -> None:
    settings = Settings.load(path)
    with pytest.raises(InputError) as caught:
        settings.update({"agent.name": "Han", name: value})
    assert name in str(caught.value)
    assert allowed in str(caught.value)
    assert settings.agent.name == ""
    assert not path.exists()


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [("suggestion.prefetch", "OFF", False), ("engine.gpu_layers", " 12 ", 12), ("ui.font_scale", "1", 1.0)],
)
def test_people_write_values_as_text(path: Path, name: str, text: str, value: object) -> None:
    settings = Settings.load(path)
    settings.set_text(name, text)
    assert settings.get(name) == value
    assert type(settings.get(name)) is type(value)


@pytest.mark.parametrize(("name", "text"), [("engine.gpu_layers", "many"), ("suggestion.prefetch", "perhaps")])
def test_text_that_is_no_value_is_refused(path: Path, name: str, text: str) -> None:
    with pytest.raises(InputError, match=name):
        Settings.load(path).set_text(name, text)


def test_an_unknown_name_is_answered_with_the_known_ones(path: Path) -> None:
    settings = Settings.load(path)
    for call in (settings.get, settings.text, settings.reset, settings.is_default):
        with pytest.raises(InputError, match=r"ui\.theme"):
            call("ui.colour")


def test_comments_and_foreign_entries_stay(path: Path) -> None:
    path.write_text('# mine\n[ui]\ntheme = "dark" # at night\nfuture = 3\n\n[other]\nx = 1\n', encoding="utf-8")
    Settings.load(path).set("ui.theme", "light")
    assert path.read_text(encoding="utf-8") == (
        '# mine\n[ui]\ntheme = "light" # at night\nfuture = 3\n\n[other]\nx = 1\n'
    )


@pytest.mark.parametrize(
    "text",
    ['ui = { theme = "dark" }', 'ui.theme = "dark"', '[ui]\ntheme = "dark"\n[shop]\nname = "x"\n[ui.more]\ny = 1\n'],
)
def test_every_way_to_write_a_section_can_be_changed(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    Settings.load(path).update({"ui.theme": "light", "ui.font_scale": 1.25})
    again = Settings.load(path)
    assert (again.ui.theme, again.ui.font_scale) == ("light", 1.25)


@pytest.mark.parametrize("text", ["[ui", "ui = 3", '[ui]\ntheme = "blue"', "[ui]\nfont_scale = 9"])
def test_a_bad_file_is_named(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"settings\.toml"):
        Settings.load(path)
    assert path.read_text(encoding="utf-8") == text


def test_a_file_that_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    settings = Settings.load(tmp_path / "settings.toml")
    (tmp_path / "settings.toml.partial").mkdir()
    with pytest.raises(StorageFaultError, match=r"settings\.toml"):
        settings.set("ui.theme", "dark")
    assert settings.ui.theme == "system"
