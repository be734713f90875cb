"""How good drafts are on situations that no training has seen: facts carried over, nothing made up, right language.

`python -m models.reply.evaluate --models DIR --adapter FOLDER` writes the figures into the adapter's model.json.
"""

import argparse
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from agent_assist.domain.language import detect_language
from agent_assist.engine.protocol import Draft
from models.reply.choice import STARTER, Choice
from models.reply.corpus import Expander, Row
from models.reply.situations import held_out_situations
from models.reply.slots import LANGUAGES
from models.reply.types import DraftStats
from models.reply.writer import Writer

_NUMBER = re.compile(r"\d+(?:[.:]\d+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One draft held against its row."""

    row: Row
    text: str
    has_facts: bool
    unsupported: tuple[str, ...]
    right_language: bool

    @property
    def good(self) -> bool:
        """All facts there, no number from nowhere, in the customer's language."""
        return self.has_facts and not self.unsupported and self.right_language


def held_out_rows(*, seed: int = 7, each: int = 2) -> list[Row]:
    """`each` rows a held-out situation and language, with passages of other held-out situations around."""
    situations = held_out_situations()
    expander = Expander(situations, seed=seed)
    return [
        expander.plain(situation, language)
        for situation in situations
        for language in LANGUAGES
        if situation.side(language)
        for _ in range(each)
    ]


def judge(row: Row, text: str) -> Judgement:
    """Hold a draft against its row; the check knows only facts and numbers, not style."""
    folded = text.casefold()
    has_facts = all(any(part.casefold() in folded for part in fact.split("|")) for fact in row.must)
    return Judgement(
        row=row,
        text=text,
        has_facts=bool(text) and has_facts,
        unsupported=tuple(sorted(set(_NUMBER.findall(text)) - source_numbers(row.draft))),
        right_language=detect_language(text) == row.draft.language,
    )


def source_numbers(draft: Draft) -> set[str]:
    """Every number that a reply to `draft` may name."""
    texts = [*draft.order_facts, draft.hint]
    texts += [turn.text for turn in draft.thread]
    texts += [text for passage in draft.passages for text in (passage.title, passage.text)]
    return {number for text in texts for number in _NUMBER.findall(text)}


def evaluate(writer: Writer, rows: Iterable[Row]) -> list[Judgement]:
    """Draft a reply to every row and judge it."""
    return [judge(row, write(writer, row.draft).text) for row in rows]


def write(writer: Writer, draft: Draft) -> DraftStats:
    """The end of a draft that nobody stops."""
    *_, last = writer.draft(draft, should_stop=lambda: False)
    assert isinstance(last, DraftStats)
    return last


def shares(judgements: Sequence[Judgement]) -> dict[str, float]:
    """Shares between 0 and 1 over all judgements, and of good ones by language."""
    result = {
        "good": _share(judgements, lambda j: j.good),
        "facts": _share(judgements, lambda j: j.has_facts),
        "no_unsupported_number": _share(judgements, lambda j: not j.unsupported),
        "right_language": _share(judgements, lambda j: j.right_language),
    }
    for language in LANGUAGES:
        result[f"good_{language}"] = _share(
            [j for j in judgements if j.row.draft.language == language], lambda j: j.good
        )
    return result


def main() -> None:
    """Evaluate one adapter and keep the figures with it."""
    parser = argparse.ArgumentParser(prog="python -m models.reply.evaluate", description=__doc__)
    parser.add_argument("--models", type=Path, required=True, metavar="DIR", help="folder of the built models")
    parser.add_argument("--adapter", type=Path, required=True, metavar="FOLDER", help="folder of the adapter")
    parser.add_argument("--show", action="store_true", help="print every draft with its verdict")
    options = parser.parse_args()
    model = options.models / "reply" / STARTER / "model.gguf"
    choice = Choice(model=model, adapter=options.adapter / "adapter.gguf", version=options.adapter.name)
    writer = Writer.open(choice, gpu_layers=0)
    writer.warm_up()  # as in the engine: where the cache was cut changes the last bits, and with them close calls
    judgements = evaluate(writer, held_out_rows())
    card_file = options.adapter / "model.json"
    card = json.loads(card_file.read_text(encoding="utf-8"))
    card["held_out"] = {"rows": len(judgements), **shares(judgements)}
    card_file.write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    for judgement in judgements if options.show else ():
        verdict = "good" if judgement.good else "BAD"
        print(f"{verdict}: {judgement.row.draft.thread[-1].text}\n  {judgement.text}\n  wanted {judgement.row.must}")
    print(json.dumps(card["held_out"]))


def _share(judgements: Sequence[Judgement], holds: Callable[[Judgement], bool]) -> float:
    return round(sum(map(holds, judgements)) / max(1, len(judgements)), 3)


if __name__ == "__main__":
    main()
