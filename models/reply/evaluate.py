"""How good drafts are on situations that no training has seen: facts carried over, nothing made up, right language.

`python -m models.reply.evaluate --models DIR --adapter FOLDER` writes the figures into the adapter's model.json.
"""

import argparse
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from agent_assist.domain.facts import FactKind, find_facts
from agent_assist.domain.language import detect_language
from agent_assist.engine.protocol import Draft
from models.reply.choice import STARTER, Choice, evidence_folder
from models.reply.corpus.generator import Generator
from models.reply.corpus.pages import MISSING, held_out_pages
from models.reply.corpus.rows import Row, holds
from models.reply.corpus.slots import LANGUAGES
from models.reply.types import DraftStats
from models.reply.writer import Writer

# How replies ask, or say that they do not know; a draft that does neither where nothing is known was made up.
_HEDGES = re.compile(
    r"[?？]|核实|确认一下|查一下|没有写|没写|未写|没有说|未说明|没有注明|没有标|没有提|没提|未提|没查到|没有查到|暂未|不清楚|不确定|请问|没有相关"
    r"|\b(check|confirm|verify|find out|get back|unsure|not sure)\b"
    r"|\bnot (stated|mentioned|listed|specified|covered|given|said|included in)\b"
    r"|\b(don't|doesn't|do not|does not|didn't) (have|say|state|mention|list|specify|cover|give|tell|include|know)\b"
    r"|\b(isn't|aren't|is not|are not) (stated|mentioned|listed|specified|covered|given|said)\b"
    r"|\b(isn't|aren't|is not|are not) in (my|the|our) notes\b"
    r"|\bno (information|mention|details?|word)\b|\bcouldn't find\b|\bonly (say|mention|list|cover|state)s?\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One draft held against its row. `wrong` are facts of the passages that only a wrong reply names."""

    row: Row
    text: str
    has_facts: bool
    unsupported: tuple[str, ...]
    wrong: tuple[str, ...]
    right_language: bool
    hedges: bool

    @property
    def good(self) -> bool:
        """All that is needed is there, nothing from nowhere or from elsewhere, in the customer's language.

        Where the passages do not answer, the reply has to ask or to say so.
        """
        answered = self.hedges if self.row.kind == MISSING else self.has_facts
        return bool(self.text) and answered and not self.unsupported and not self.wrong and self.right_language


def held_out_rows(*, seed: int = 7) -> list[Row]:
    """A row for each held-out situation, at most one passage of another held-out page beside its own."""
    pages = held_out_pages()
    generator = Generator(pages, seed=seed)
    return [
        row
        for page in pages
        for language in LANGUAGES
        if page.asked(language)
        for row in generator.plain(page, language)
    ]


def judge(row: Row, text: str) -> Judgement:
    """Hold a draft against its row; the check knows facts and whether it asks, not style."""
    return Judgement(
        row=row,
        text=text,
        has_facts=bool(text) and all(holds(text, fact) for fact in row.must),
        unsupported=_unsupported(row.draft, text),
        wrong=tuple(fact for fact in row.wrong if holds(text, fact)),
        right_language=detect_language(text) == row.draft.language,
        hedges=bool(_HEDGES.search(text)),
    )


def _unsupported(draft: Draft, text: str) -> tuple[str, ...]:
    """What a reply states as a figure, date or number and nothing of `draft` holds in any form."""
    known: dict[FactKind, set[str]] = {kind: set() for kind in FactKind}
    digits: set[str] = set()
    for source in source_texts(draft):
        digits |= set(_DIGITS.findall(source))
        for fact in find_facts(source):
            known[fact.kind] |= fact.keys
    return tuple(
        text[fact.start : fact.end]
        for fact in find_facts(text)
        if not fact.keys <= known[fact.kind] and not set(_DIGITS.findall(text[fact.start : fact.end])) & digits
    )


_DIGITS = re.compile(r"\d+(?:[.:]\d+)*")


def source_texts(draft: Draft) -> list[str]:
    """Everything that a reply to `draft` may rest on."""
    passages = [text for passage in draft.passages for text in (passage.title, passage.text)]
    return [*draft.order_facts, draft.hint, *(turn.text for turn in draft.thread), *passages]


def evaluate(writer: Writer, rows: Iterable[Row]) -> list[Judgement]:
    """Draft a reply to every row and judge it."""
    return [judge(row, write(writer, row.draft).text) for row in rows]


def write(writer: Writer, draft: Draft) -> DraftStats:
    """The end of a draft that nobody stops."""
    *_, last = writer.draft(draft, should_stop=lambda: False)
    assert isinstance(last, DraftStats)
    return last


def shares(judgements: Sequence[Judgement]) -> dict[str, float]:
    """Shares between 0 and 1: of good drafts where the passages answer, and of right hedges where they do not."""
    answered = [one for one in judgements if one.row.kind != MISSING]
    missing = [one for one in judgements if one.row.kind == MISSING]
    result = {
        "good": _share(answered, lambda one: one.good),
        "facts": _share(answered, lambda one: one.has_facts),
        "nothing_unsupported": _share(judgements, lambda one: not one.unsupported),
        "nothing_wrong": _share(judgements, lambda one: not one.wrong),
        "right_language": _share(judgements, lambda one: one.right_language),
        "unanswered_hedged": _share(missing, lambda one: one.good),
    }
    for language in LANGUAGES:
        own = [one for one in judgements if one.row.draft.language == language]
        result[f"good_{language}"] = _share([one for one in own if one.row.kind != MISSING], lambda one: one.good)
        result[f"unanswered_hedged_{language}"] = _share(
            [one for one in own if one.row.kind == MISSING], lambda j: j.good
        )
    for kind in sorted(Counter(one.row.kind for one in judgements)):
        result[f"good_{kind}"] = _share([one for one in judgements if one.row.kind == kind], lambda one: one.good)
    return result


def main() -> None:
    """Evaluate one adapter and keep the figures with it."""
    parser = argparse.ArgumentParser(prog="python -m models.reply.evaluate", description=__doc__)
    parser.add_argument("--models", type=Path, required=True, metavar="DIR", help="folder of the built models")
    parser.add_argument("--adapter", type=Path, required=True, metavar="FOLDER", help="folder of the adapter")
    parser.add_argument("--show", action="store_true", help="print every draft with its verdict")
    options = parser.parse_args()
    model = options.models / "reply" / STARTER / "model.gguf"
    card_file = options.adapter / "model.json"
    card = json.loads(card_file.read_text(encoding="utf-8"))
    choice = Choice(
        model=model,
        adapter=options.adapter / "adapter.gguf",
        version=options.adapter.name,
        marks=bool(card.get("marks")),
        evidence=evidence_folder(options.models, card),
    )
    writer = Writer.open(choice, gpu_layers=0)
    writer.warm_up()  # as in the engine: where the cache was cut changes the last bits, and with them close calls
    judgements = evaluate(writer, held_out_rows())
    card["held_out"] = {"rows": len(judgements), **shares(judgements)}
    card_file.write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    for judgement in judgements if options.show else ():
        print(describe(judgement))
    print(json.dumps(card["held_out"]))


def describe(judgement: Judgement) -> str:
    """A draft with its verdict and why, for people."""
    verdict = "good" if judgement.good else "BAD"
    why = [f"unsupported {judgement.unsupported}"] if judgement.unsupported else []
    why += [f"wrong {judgement.wrong}"] if judgement.wrong else []
    row = judgement.row
    return (
        f"{verdict} {row.situation} {row.kind}: {row.draft.thread[-1].text}\n  {judgement.text}\n"
        f"  wanted {row.must} {' '.join(why)}\n  for example {row.reply}"
    )


def _share(judgements: Sequence[Judgement], holds: Callable[[Judgement], bool]) -> float:
    return round(sum(map(holds, judgements)) / max(1, len(judgements)), 3)


if __name__ == "__main__":
    main()
