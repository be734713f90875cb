"""How a reply is worded: the tone a shop writes in, and what can be done to a text that stands."""

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """The tone of a draft."""

    PLAIN = "plain"
    WARM = "warm"
    FORMAL = "formal"
    SHORT = "short"


class Rewording(StrEnum):
    """What to do to a text; its facts stay."""

    WARM = "warm"
    FORMAL = "formal"
    SHORT = "short"
    LONG = "long"
    SIMPLE = "simple"
    CORRECT = "correct"
    TRANSLATE = "translate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How an agent wants a reply: in a tone (None: the shop's), and saying what `hint` says, which counts as true."""

    tone: Tone | None = None
    hint: str = ""

    def __bool__(self) -> bool:
        """Whether anything is wished for."""
        return self.tone is not None or bool(self.hint.strip())


NO_WISH = Wish()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewritten:
    """A text worded anew, in `language`. `lost` and `added` are figures and identifiers of the one text that the other
    does not hold, as they are written there."""

    manner: Rewording
    language: str
    original: str
    text: str
    lost: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    model_version: str = ""
    total_ms: float = 0.0


class RefusalReason(StrEnum):
    """Why a small model's text is not shown, or not even begun (`TOO_LONG`, `NOT_AT_ALL`)."""

    TOO_LONG = "too_long"
    NOT_AT_ALL = "not_at_all"
    FIGURES = "figures"
    LANGUAGE = "language"
    REPEATS = "repeats"
    UNFINISHED = "unfinished"
    MEANING = "meaning"


class WayKind(StrEnum):
    """What works instead: a reviewed text to send, a macro, an article to write from, less text, a larger model."""

    APPROVED_TEXT = "approved_text"
    MACRO = "macro"
    ARTICLE = "article"
    SHORTER = "shorter"
    LARGER_MODEL = "larger_model"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One of them; `doc_id`, `title` and `text` are those of an article, empty for the last two kinds."""

    kind: WayKind
    doc_id: str = ""
    title: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """The model is too small for this. `manner` is None for a summary; `tokens` of the text and the `limit` where
    there is one; `lost` and `added` as in `Rewritten`."""

    reason: RefusalReason
    language: str
    manner: Rewording | None = None
    tokens: int = 0
    limit: int = 0
    lost: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    ways: tuple[Way, ...] = ()
