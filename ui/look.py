"""The look in force: palette, text size and the stylesheet made of them; follows the system where asked to."""

from importlib.resources import files
from string import Template

import msgspec
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QIcon, QPalette, QPixmap, QStyleHints
from PySide6.QtWidgets import QApplication

from ui import icons
from ui.theme import FONT_FAMILIES, MONO_FAMILIES, THEMES, Palette, Scale, load_palette


class Look(QObject):
    """Applies a theme to the application and gives painters its colours and fonts."""

    changed = Signal()

    def __init__(self, application: QApplication, *, theme: str = "system", font_scale: float = 1.0) -> None:
        super().__init__()
        self._application = application
        self.theme = theme
        self.font_scale = font_scale
        self.palette: Palette = load_palette("light")
        self.scale = Scale()
        hints = application.styleHints()
        hints.colorSchemeChanged.connect(self._system_changed)
        if hasattr(hints, "accessibility"):
            hints.accessibility().contrastPreferenceChanged.connect(self._system_changed)
        self._apply()

    def set(self, *, theme: str, font_scale: float) -> None:
        """Show one of `THEMES`, or what the "system" has, with texts of this size (1 is the design's own)."""
        if (theme, font_scale) != (self.theme, self.font_scale):
            self.theme, self.font_scale = theme, font_scale
            self._apply()

    def colour(self, token: str) -> QColor:
        """A colour of the palette."""
        return QColor(getattr(self.palette, token))

    def font(self, size: int, *, bold: bool = False, mono: bool = False) -> QFont:
        """The interface font, `size` pixels high."""
        font = QFont()
        font.setFamilies(list(MONO_FAMILIES if mono else FONT_FAMILIES))
        font.setPixelSize(size)
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        return font

    def icon(self, name: str, token: str = "text_muted", size: int = 16) -> QIcon:
        """An icon in a colour of the palette."""
        return icons.icon(name, getattr(self.palette, token), self.scale.px(size))

    def pixmap(self, name: str, token: str = "text_muted", size: int = 16) -> QPixmap:
        """The same as a pixmap."""
        return icons.pixmap(name, getattr(self.palette, token), self.scale.px(size))

    def _system_changed(self) -> None:
        if self.theme == "system":
            self._apply()

    def _apply(self) -> None:
        self.palette = load_palette(self._resolved())
        self.scale = Scale(factor=self.font_scale)
        sheet = stylesheet(self.palette, self.scale)
        if sheet != self._application.styleSheet():  # polishing all widgets anew takes a while
            self._application.setFont(self.font(self.scale.body))
            self._application.setPalette(qt_palette(self.palette))
            self._application.setStyleSheet(sheet)
        self.changed.emit()

    def _resolved(self) -> str:
        if self.theme in THEMES:
            return self.theme
        hints = self._application.styleHints()
        tone = "dark" if hints.colorScheme() is Qt.ColorScheme.Dark else "light"
        return f"contrast_{tone}" if wants_contrast(hints) else tone


def wants_contrast(hints: QStyleHints) -> bool:
    """Whether the desktop is set to high contrast; Qt tells from 6.10 on."""
    told = getattr(hints, "accessibility", None)
    return told is not None and told().contrastPreference() is Qt.ContrastPreference.HighContrast


def stylesheet(palette: Palette, scale: Scale) -> str:
    """The one stylesheet: resources/themes/window.qss with the tokens filled in; lengths there are written `$px_N`."""
    template = Template(files("resources").joinpath("themes", "window.qss").read_text(encoding="utf-8"))
    tokens = {name: str(value) for name, value in msgspec.to_builtins(palette).items()}
    lengths = {f"px_{size}": f"{scale.px(size)}px" for size in range(1, 65)}
    tone = "dark" if palette.dark else "light"
    for name in ("chevron", "tick"):
        tokens[name] = str(files("resources").joinpath("icons", f"{name}-{tone}.svg")).replace("\\", "/")
    fonts = {name: f"{getattr(scale, name)}px" for name in ("small", "body", "heading", "display")}
    return template.substitute(tokens | lengths | {f"font_{name}": size for name, size in fonts.items()})


def qt_palette(palette: Palette) -> QPalette:
    """The palette for what stylesheets do not reach: placeholders, selections, links, native menus."""
    roles = {
        QPalette.ColorRole.Window: palette.canvas,
        QPalette.ColorRole.WindowText: palette.text,
        QPalette.ColorRole.Base: palette.surface,
        QPalette.ColorRole.AlternateBase: palette.sunken,
        QPalette.ColorRole.Text: palette.text,
        QPalette.ColorRole.Button: palette.surface,
        QPalette.ColorRole.ButtonText: palette.text,
        QPalette.ColorRole.ToolTipBase: palette.surface,
        QPalette.ColorRole.ToolTipText: palette.text,
        QPalette.ColorRole.PlaceholderText: palette.text_faint,
        QPalette.ColorRole.Highlight: palette.accent,
        QPalette.ColorRole.HighlightedText: palette.on_accent,
        QPalette.ColorRole.Link: palette.accent_text,
    }
    result = QPalette()
    for role, colour in roles.items():
        result.setColor(role, QColor(colour))
    return result
