"""Texts of the window in both languages: typed keys, plural forms, a language that can change while it runs."""

from collections.abc import Callable
from functools import cache
from importlib.resources import files

import msgspec

from agent_assist.domain.language import Language
from agent_assist.domain.taxonomy import load_taxonomy
from ui.observable import Changes
from ui.text_keys import Key

Table = dict[str, str | dict[str, str]]
# The numeral that chooses a plural form, and whatever else a message names in braces.
Value = str | int | float
Setter = Callable[[str], object]


@cache
def load_table(language: Language) -> Table:
    """The messages of one language by key; a message with plural forms is a table from "one" and "other" to texts."""
    raw = files("resources").joinpath("i18n", f"{language}.json").read_bytes()
    return msgspec.json.decode(raw, type=Table)


def plural_form(language: Language, n: int) -> str:
    """The plural category of `n` by the CLDR rules for cardinals: English has "one" and "other", Chinese "other"."""
    return "one" if language is Language.EN and n == 1 else "other"


class I18n:
    """The current language and its texts."""

    def __init__(self, language: Language = Language.EN) -> None:
        self._language = language
        self.changes = Changes()

    @property
    def language(self) -> Language:
        """The language the window speaks."""
        return self._language

    def switch(self, language: Language) -> None:
        """Speak `language` from now on; listeners set their texts anew."""
        if language is not self._language:
            self._language = language
            self.changes.notify()

    def __call__(self, key: Key, *, n: int = 0, **values: Value) -> str:
        """The text of `key`; `n` chooses the plural form and fills {n}, `values` fill the other places."""
        message = load_table(self._language)[key]
        if isinstance(message, dict):
            message = message[plural_form(self._language, n)]
        return message.format(n=f"{n:,}", **values)

    def intent(self, intent: str) -> str:
        """An intent's name."""
        return load_taxonomy().intent_name(intent, self._language)

    def entity(self, entity_type: str) -> str:
        """An entity type's name."""
        return load_taxonomy().entity_name(entity_type, self._language)

    def sentiment(self, sentiment: str) -> str:
        """A sentiment's name."""
        label = load_taxonomy().sentiments.get(sentiment)
        return label.name(self._language) if label else sentiment

    def urgency(self, urgency: str) -> str:
        """An urgency's name."""
        label = load_taxonomy().urgencies.get(urgency)
        return label.name(self._language) if label else urgency


class Texts:
    """The fixed texts of one view: what is bound here is set at once and again when the language changes."""

    def __init__(self, i18n: I18n) -> None:
        self._i18n = i18n
        self._bound: list[Callable[[], object]] = []
        self._unsubscribe = i18n.changes.subscribe(self.apply)

    def bind(self, setter: Setter, key: Key) -> None:
        """Keep `setter` supplied with the text of `key`."""
        self.bind_call(lambda: setter(self._i18n(key)))

    def bind_call(self, update: Callable[[], object]) -> None:
        """Call `update` now and on every change of language."""
        self._bound.append(update)
        update()

    def apply(self) -> None:
        """Set all texts anew."""
        for update in self._bound:
            update()

    def close(self) -> None:
        """Follow the language no longer; for views that end before the window does."""
        self._unsubscribe()
        self._bound.clear()
