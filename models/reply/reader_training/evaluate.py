"""How well the reader finds what answers, on situations that no training has seen.

`python -m models.reply.reader_training.evaluate --models DIR [--adapter FOLDER]` keeps the figures in its card.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sklearn.metrics import roc_auc_score

from models.reply.corpus.evidence import Evidence, evidence
from models.reply.corpus.pages import MISSING
from models.reply.corpus.rows import Row
from models.reply.corpus.slots import LANGUAGES
from models.reply.evaluate import held_out_rows
from models.reply.evidence.build import build_evidence, shipped
from models.reply.evidence.choosing import Chosen, choose
from models.reply.evidence.finder import EvidenceFinder
from models.reply.evidence.layout import CARD_FILE


@dataclass(frozen=True, slots=True)
class Reading:
    """One row as the reader saw it; `likeliest` is the place of the clause it is surest of."""

    row: Row
    wanted: Evidence
    chosen: Chosen
    likeliest: int

    @property
    def keys_held(self) -> bool:
        """Whether the keys hold every clause that answers."""
        return self.wanted.held <= set(self.chosen.places)

    @property
    def units_held(self) -> bool:
        """Whether every clause that answers is shown: its unit is kept, or it is a key (as those of the order are)."""
        kept = {unit.text for unit in self.chosen.units}
        return all(
            self.wanted.units[self.wanted.clauses[place].unit].text in kept or place in self.chosen.places
            for place in self.wanted.held
        )


def read(finder: EvidenceFinder, row: Row) -> Reading:
    """Let the reader read a row."""
    wanted = evidence(row)
    chances = finder.chances(row.draft.thread, wanted.units, wanted.clauses)
    chosen = choose(wanted.units, wanted.clauses, chances)
    return Reading(row, wanted, chosen, max(range(len(chances)), key=chances.__getitem__, default=-1))


def shares(readings: Sequence[Reading]) -> dict[str, float]:
    """Shares between 0 and 1 by language, and how well the likeliest clause tells whether there is an answer."""
    result: dict[str, float] = {}
    for language in LANGUAGES:
        own = [one for one in readings if one.row.draft.language == language and one.wanted.held]
        result[f"first_clause_{language}"] = _share([one.likeliest in one.wanted.held for one in own])
        result[f"keys_{language}"] = _share([one.keys_held for one in own])
        result[f"units_{language}"] = _share([one.units_held for one in own])
    told = [one for one in readings if one.wanted.held or one.row.kind == MISSING]
    answered, answerable = [one.row.kind != MISSING for one in told], [one.chosen.answerable for one in told]
    result["answerable_auroc"] = round(float(roc_auc_score(answered, answerable)), 3)
    return result


def main() -> None:
    """Evaluate one adapter and keep the figures with it."""
    parser = argparse.ArgumentParser(prog="python -m models.reply.reader_training.evaluate", description=__doc__)
    parser.add_argument("--models", type=Path, required=True, metavar="DIR", help="folder of the built models")
    parser.add_argument("--adapter", type=Path, default=shipped(), metavar="FOLDER", help="folder of the adapter")
    parser.add_argument("--show", action="store_true", help="print what was missed")
    options = parser.parse_args()
    folder = build_evidence(options.models, lambda *_: None, adapter=options.adapter)
    readings = [read(EvidenceFinder.load(folder), row) for row in held_out_rows()]
    if options.show:
        for one in readings:
            if not one.units_held or one.likeliest not in one.wanted.held:
                print(_described(one))
    figures = shares(readings)
    card = options.adapter / CARD_FILE
    content = json.loads(card.read_text(encoding="utf-8"))
    card.write_text(json.dumps({**content, "held_out": figures}, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(figures))


def _share(told: Sequence[bool]) -> float:
    return round(sum(told) / len(told), 3) if told else 0.0


def _described(one: Reading) -> str:
    wanted = [one.wanted.clauses[place].text for place in sorted(one.wanted.held)]
    return f"{one.row.situation} {one.row.draft.thread[-1].text}\n  wanted {wanted}\n  keys {list(one.chosen.keys)}"


if __name__ == "__main__":
    main()
