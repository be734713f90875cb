"""Runs the reader: which clauses of a draft's passages and order answer the customer."""

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import structs
from numpy.typing import NDArray
from safetensors.numpy import load_file

from agent_assist.engine.protocol import Draft, GroundingPassage, Turn
from models.encoder.layout import TOKENIZER_FILE
from models.encoder.tokens import MAX_TOKENS, Encoded, pad
from models.encoder.trunk import Trunk, batches, load_trunk
from models.errors import Stopped
from models.reply.evidence.choosing import choose
from models.reply.evidence.layout import ADAPTER_FILE, CARD_FILE, OVERLAP, SCORE_BIAS, SCORE_WEIGHT
from models.reply.evidence.notes import Clause, Unit, clauses_of, narrowed, order_units, units_of
from models.reply.evidence.overlap import overlap
from models.reply.evidence.quoting import Answer
from models.reply.evidence.windows import Window, Windows

# Windows whose logits are kept: some dozens of tickets with all their passages, a megabyte of numbers.
KEPT = 1024


@dataclass(frozen=True, slots=True)
class Finding:
    """The draft with its notes cut to what matters, the clauses to point at, and how likely the best one answers.

    `answers` are the clauses that a reply has to say.
    """

    draft: Draft
    keys: tuple[str, ...]
    answers: tuple[Answer, ...]
    answerable: float


@dataclass(frozen=True, slots=True)
class Scores:
    """What a clause's logit is the sum of: `weight` [width] by its tokens' mean, `overlap` by overlap.py, `bias`."""

    weight: NDArray[np.float32]
    overlap: NDArray[np.float32]
    bias: float

    @classmethod
    def of(cls, tensors: Mapping[str, NDArray[Any]]) -> "Scores":
        """Out of an adapter's tensors."""
        weight, shared = (tensors[name].astype(np.float32).reshape(-1) for name in (SCORE_WEIGHT, OVERLAP))
        return cls(weight, shared, float(tensors[SCORE_BIAS].reshape(-1)[0]))


class EvidenceFinder:
    """A loaded reader. Search and drafts share one: what either has read, the other need not."""

    def __init__(self, trunk: Trunk, windows: Windows, scores: Scores, *, version: str = "") -> None:
        self.version = version
        self._trunk = trunk
        self._windows = windows
        self._scores = scores
        self._last: tuple[object, Finding] | None = None
        self._known: OrderedDict[object, NDArray[np.float32]] = OrderedDict()
        # Of `_known`; held while a batch is read, so that nobody reads the same at the same time.
        self._reading = threading.Lock()

    @classmethod
    def load(cls, folder: Path, *, device: str = "cpu") -> "EvidenceFinder":
        """Load a folder that `models.reply.evidence.build` made; FileNotFoundError where it is not there."""
        if not (folder / ADAPTER_FILE).is_file():
            raise FileNotFoundError(f"The reader {folder} is missing. Run `agent-assist models build`.")
        return cls(
            load_trunk(folder, device=device),
            Windows(folder / TOKENIZER_FILE),
            Scores.of(load_file(folder / ADAPTER_FILE)),
            version=_version(folder),
        )

    @property
    def device(self) -> str:
        """Where it runs."""
        return self._trunk.device

    @property
    def device_reason(self) -> str:
        """Why there, for people."""
        return self._trunk.device_reason

    def find(self, draft: Draft, *, should_stop: Callable[[], bool] = lambda: False) -> Finding:
        """Read the passages of a draft. Candidates, tones and hints of the same ticket are read once.

        Raises `Stopped` when `should_stop` becomes true; it is asked before every window (at most 512 tokens, about a
        tenth of a second's).
        """
        asked, last = (draft.thread, draft.passages, draft.order_facts, draft.language), self._last
        if last is None or last[0] != asked:
            last = self._last = (asked, self._read(draft, should_stop))
        finding = last[1]
        return replace(finding, draft=structs.replace(draft, passages=finding.draft.passages))

    def judge(
        self, thread: Sequence[Turn], passages: Sequence[GroundingPassage], *,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> list[float]:  # fmt: skip
        """Of each passage how likely its likeliest clause answers; 0 for one without words."""
        units = units_of(passages)
        clauses = clauses_of(units)
        best = [0.0] * len(passages)
        for clause, chance in zip(clauses, self.chances(thread, units, clauses, should_stop=should_stop), strict=True):
            place = units[clause.unit].passage
            best[place] = max(best[place], chance)
        return best

    def chances(
        self, thread: Sequence[Turn], units: Sequence[Unit], clauses: Sequence[Clause], *,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> list[float]:  # fmt: skip
        """How likely each clause answers what is asked at the end of the thread.

        A passage that was read for the same question before is not read again, whatever stands beside it.
        """
        windows = self._windows.of(thread, units, clauses)
        found = overlap(thread, units, clauses) @ self._scores.overlap + self._scores.bias
        for window, logits in self._logits(windows, should_stop):
            found[[number for number, _, _ in window.clauses]] += logits
        chances: list[float] = (1.0 / (1.0 + np.exp(-found))).tolist()
        return chances

    def _logits(
        self, windows: Sequence[Window], should_stop: Callable[[], bool]
    ) -> Iterator[tuple[Window, NDArray[np.float32]]]:
        """Each window with what the trunk gives its clauses."""
        new = []
        for window in windows:
            known = self._kept(window)
            if known is None:
                new.append(window)
            else:
                yield window, known
        for batch in batches([len(window.ids) for window in new], tokens=MAX_TOKENS):
            if should_stop():
                raise Stopped
            chosen = [new[number] for number in batch]
            with self._reading:
                unread = [window for window in chosen if window.content not in self._known]
                found = self._read_windows(unread) | {
                    window.content: self._known[window.content] for window in chosen if window not in unread
                }
                for content, logits in found.items():
                    self._known[content] = logits
                while len(self._known) > KEPT:
                    self._known.popitem(last=False)
            for window in chosen:
                yield window, found[window.content]

    def _kept(self, window: Window) -> NDArray[np.float32] | None:
        with self._reading:
            known = self._known.get(window.content)
            if known is not None:
                self._known.move_to_end(window.content)
            return known

    def _read_windows(self, windows: Sequence[Window]) -> dict[object, NDArray[np.float32]]:
        """The logits of windows by their content."""
        if not windows:
            return {}
        hidden = self._trunk.run(*pad([Encoded(window.ids, ()) for window in windows])).hidden
        return {
            window.content: np.stack([hidden[row, first:last].mean(0) for _, first, last in window.clauses])
            @ self._scores.weight
            for row, window in enumerate(windows)
        }

    def _read(self, draft: Draft, should_stop: Callable[[], bool]) -> Finding:
        units = [*units_of(draft.passages), *order_units(draft)]
        clauses = clauses_of(units)
        chances = self.chances(draft.thread, units, clauses, should_stop=should_stop)
        chosen = choose(units, clauses, chances)
        answers = tuple(
            Answer(clauses[place].text, units[clauses[place].unit].text, chances[place]) for place in chosen.answers
        )
        passages = narrowed(draft.passages, chosen.units)
        return Finding(structs.replace(draft, passages=passages), chosen.keys, answers, chosen.answerable)


def _version(folder: Path) -> str:
    """What the folder's card says."""
    try:
        return f"{folder.name}-{json.loads((folder / CARD_FILE).read_text(encoding='utf-8'))['version']}"
    except (OSError, ValueError, KeyError):
        return folder.name
