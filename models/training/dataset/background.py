"""Messages that are no shop's business, from the program's own corpus: what lies out of scope, where no row says it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from importlib.resources import as_file, files

from agent_assist.domain.language import detect_language
from models.understanding.corpus import Example, load_corpus

# A language that fewer of the texts are in is not one that customers write in.
_LEAST_SHARE = 0.1


def foreign_messages(texts: Sequence[str], *, behind: int) -> list[Example]:
    """Examples without intents in the languages of the texts, their rows numbered from `behind` on."""
    languages = _languages(texts)
    with as_file(files("resources").joinpath("corpora", "understanding")) as folder:
        corpus = load_corpus(folder, expansions=1)
    chosen = [one for one in corpus if not one.intents and one.language in languages]
    return [replace(one, row=one.row + behind) for one in chosen]


def _languages(texts: Iterable[str]) -> set[str]:
    found = [detect_language(text).value for text in texts]
    return {name for name in set(found) if found.count(name) >= _LEAST_SHARE * len(found)}
