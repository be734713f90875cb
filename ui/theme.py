"""How the window looks: colour tokens (resources/themes/), type scale and spacing, and the palettes' contrast rule."""

from functools import cache
from importlib.resources import files

import msgspec

CONTRAST_MINIMUM = 4.5  # WCAG 2.2, success criterion 1.4.3, for text of normal size
CONTRAST_ENHANCED = 7.0  # criterion 1.4.6: what the high-contrast themes keep
# The borders of inputs and buttons against what they lie on, criterion 1.4.11, in the high-contrast themes.
CONTRAST_OF_BORDERS = 3.0
THEMES = ("light", "dark", "contrast_light", "contrast_dark")

# Latin faces first, each system's own; then the Chinese faces of Linux, Windows and macOS.
FONT_FAMILIES = (
    "Inter",
    "Segoe UI",
    "SF Pro Text",
    "Cantarell",
    "Ubuntu",
    "Noto Sans",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Micro Hei",
)
MONO_FAMILIES = ("SF Mono", "Cascadia Mono", "Consolas", "Noto Sans Mono CJK SC", "DejaVu Sans Mono")


class Palette(msgspec.Struct, frozen=True, kw_only=True):
    """Colours by what they are for, "#RRGGBB" (the shadow "#AARRGGBB")."""

    dark: bool
    canvas: str
    surface: str
    sunken: str
    hover: str
    selected: str
    border: str
    border_strong: str
    text: str
    text_muted: str
    text_faint: str
    accent: str
    accent_hover: str
    on_accent: str
    accent_soft: str
    accent_text: str
    good: str
    good_soft: str
    warn: str
    warn_soft: str
    bad: str
    bad_soft: str
    customer_bubble: str
    agent_bubble: str
    chip: str
    chip_text: str
    entity_number: str
    entity_money: str
    entity_thing: str
    entity_person: str
    shadow: str


# Every text colour with every ground it is painted on.
CONTRAST_PAIRS = (
    *[("text", ground) for ground in ("canvas", "surface", "sunken", "hover", "selected")],
    *[("text", ground) for ground in ("customer_bubble", "agent_bubble", "warn_soft", "bad_soft", "good_soft")],
    *[("text", f"entity_{kind}") for kind in ("number", "money", "thing", "person")],
    ("text", "accent_soft"),
    ("text_muted", "warn_soft"),
    ("text_muted", "accent_soft"),
    *[("text_muted", ground) for ground in ("canvas", "surface", "sunken", "hover", "selected", "customer_bubble")],
    *[("text_faint", ground) for ground in ("surface", "sunken", "canvas")],
    ("text_muted", "agent_bubble"),
    ("accent_text", "surface"),
    ("accent_text", "accent_soft"),
    ("accent_text", "selected"),
    ("accent_text", "hover"),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    *[("chip_text", ground) for ground in ("chip", "surface")],
    *[(tone, ground) for tone in ("good", "warn", "bad") for ground in ("surface", "selected", f"{tone}_soft")],
    *[(tone, "hover") for tone in ("good", "warn", "bad")],
)


class Scale(msgspec.Struct, frozen=True, kw_only=True):
    """Sizes in device-independent pixels; `factor` is the agent's text size."""

    factor: float = 1.0

    def px(self, size: float) -> int:
        """A length of the design at this text size."""
        return round(size * self.factor)

    @property
    def small(self) -> int:
        """Chips, times, hints."""
        return self.px(12)

    @property
    def body(self) -> int:
        """Messages, lists, controls."""
        return self.px(13)

    @property
    def heading(self) -> int:
        """A pane's title."""
        return self.px(14)

    @property
    def display(self) -> int:
        """Titles of empty states."""
        return self.px(17)


@cache
def load_palette(name: str) -> Palette:
    """One of `THEMES`."""
    raw = files("resources").joinpath("themes", f"{name.replace('_', '-')}.json").read_bytes()
    return msgspec.json.decode(raw, type=Palette)


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two "#RRGGBB" colours, 1 to 21 (WCAG 2.2, relative luminance in sRGB)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)
