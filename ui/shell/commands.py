"""What the palette offers: every line of the table of actions, the choices of the view menu, and every setting."""

from collections.abc import Callable, Sequence
from functools import partial

from agent_assist.domain.language import Language
from agent_assist.settings import SECTIONS, SETTINGS
from ui.actions import ACTIONS, Actions
from ui.i18n import I18n, load_table
from ui.keymap.spec import ActionSpec, screen_of
from ui.palette.presenter import Command
from ui.shell.menus import LANGUAGES, TEXT_SIZES, THEMES
from ui.text_keys import Key

CHOICES = (
    ("ui.theme", Key.MENU_THEME, THEMES, "spark"),
    ("ui.language", Key.MENU_LANGUAGE, LANGUAGES, "chat"),
    ("ui.font_scale", Key.MENU_TEXT_SIZE, TEXT_SIZES, "edit"),
)


def both(key: Key) -> tuple[str, ...]:
    """A message without places to fill, in both languages, as a name."""
    texts = (load_table(language)[key] for language in Language)
    return tuple(plain_name(text) for text in texts if isinstance(text, str))


def plain_name(text: str) -> str:
    """A menu's or an action's text without its key letter and its dots."""
    name, mark, _ = text.partition("(&")
    return (name if mark else text.replace("&", "")).rstrip("…")


def action_names(spec: ActionSpec) -> tuple[str, ...]:
    """What an action is found by: its name and its menu's, in both languages."""
    return (*both(spec.text), *(both(spec.menu) if spec.menu else ()))


def commands(
    actions: Actions,
    i18n: I18n,
    *,
    choose: Callable[[str, str], None],
    show_screen: Callable[[ActionSpec], object],
    show_setting: Callable[[str], object],
) -> Sequence[Command]:
    """All commands in the current language; one of another screen shows that instead of acting out of sight."""
    made = []
    for spec in ACTIONS:
        here = actions[spec.id].isEnabled() or screen_of(spec) is None
        made.append(
            Command(
                id=spec.id,
                title=plain_name(i18n(spec.text)),
                names=both(spec.text),
                group=both(spec.menu) if spec.menu else (),
                run=partial(actions.trigger, spec.id) if here else partial(show_screen, spec),
                keys=actions.keys(spec.id),
                place=plain_name(i18n(spec.menu)) if spec.menu else "",
                icon=spec.icon,
                here=here,
            )
        )
    for setting, title, choices, icon in CHOICES:
        for value, key in choices:
            made.append(
                Command(
                    id=f"{setting}={value}",
                    title=i18n(Key.PALETTE_CHOICE, title=i18n(title), choice=i18n(key)),
                    names=both(key),
                    group=both(title),
                    run=partial(choose, setting, value),
                    place=plain_name(i18n(Key.MENU_VIEW)),
                    icon=icon,
                )
            )
    made += [
        Command(
            id=f"setting {setting.name}",
            title=i18n(Key.PALETTE_SETTING, title=setting.title(i18n.language)),
            names=(setting.title_en, setting.title_zh),
            group=(*both(Key.ACTION_SETTINGS), *SECTIONS[setting.section]),
            run=partial(show_setting, setting.name),
            place=i18n(Key.SETTINGS_TITLE),
            icon="sliders",
        )
        for setting in SETTINGS.values()
    ]
    return made
