"""Texts stand out from their grounds, and everything the stylesheet and the icons name is there."""

import ast
import re
from importlib.resources import files
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from ui.actions import ACTIONS
from ui.look import Look, stylesheet
from ui.theme import (
    CONTRAST_ENHANCED,
    CONTRAST_MINIMUM,
    CONTRAST_OF_BORDERS,
    CONTRAST_PAIRS,
    THEMES,
    Scale,
    contrast,
    load_palette,
)

UI = Path(__file__).parents[2] / "ui"


def test_contrast_of_black_and_white_is_21() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)  # the known borderline grey


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "ground"), CONTRAST_PAIRS)
def test_texts_stand_out(theme: str, text: str, ground: str) -> None:
    palette = load_palette(theme)
    least = CONTRAST_ENHANCED if theme.startswith("contrast") else CONTRAST_MINIMUM
    assert contrast(getattr(palette, text), getattr(palette, ground)) >= least


@pytest.mark.parametrize("theme", [theme for theme in THEMES if theme.startswith("contrast")])
@pytest.mark.parametrize("border", ["border", "border_strong", "accent"])
def test_borders_stand_out_in_high_contrast(theme: str, border: str) -> None:
    palette = load_palette(theme)
    for ground in ("canvas", "surface", "sunken", "hover"):
        assert contrast(getattr(palette, border), getattr(palette, ground)) >= CONTRAST_OF_BORDERS


@pytest.mark.parametrize("theme", THEMES)
def test_the_stylesheet_has_no_token_left(theme: str) -> None:
    sheet = stylesheet(load_palette(theme), Scale(factor=1.25))
    assert "$" not in re.sub(r"/\*.*?\*/", "", sheet, flags=re.S)


def test_larger_texts_make_larger_lengths() -> None:
    assert Scale(factor=1.5).body == pytest.approx(Scale().body * 1.5, abs=1)


def test_every_icon_that_is_named_exists() -> None:
    named = {spec.icon for spec in ACTIONS if spec.icon}
    for path in UI.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("icon", "pixmap") and node.args:
                named |= {part.value for part in ast.walk(node.args[0]) if isinstance(part, ast.Constant)}
    there = {item.name.removesuffix(".svg") for item in files("resources").joinpath("icons").iterdir()}
    assert named - {""} <= there


def test_the_look_changes_and_tells(qapp: QApplication) -> None:
    look = Look(qapp, theme="light")
    told: list[bool] = []
    look.changed.connect(lambda: told.append(look.palette.dark))
    look.set(theme="dark", font_scale=1.0)
    look.set(theme="dark", font_scale=1.0)
    assert told == [True]
