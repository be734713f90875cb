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
from models.reply.evidence.choosing import Chosen, choose_each
from models.reply.evidence.kinds import MISFIT, misfits
from models.reply.evidence.layout import ADAPTER_FILE, CARD_FILE, OVERLAP, SCORE_BIAS, SCORE_WEIGHT
from models.reply.evidence.notes import Clause, Unit, clauses_of, narrowed, order_units, units_of
from models.reply.evidence.overlap import overlap, terms
from models.reply.evidence.parts import Part
from models.reply.evidence.questions import questions_in
from models.reply.evidence.quoting import Answer
from models.reply.evidence.windows import Window, Windows

# Windows whose logits are kept: some dozens of tickets with all their passages, a megabyte of numbers.
KEPT = 1024
_WORTH = -3.0  # log odds of a clause for whose sake a passage is read question by question
_BARE = 2  # terms of a question that says nothing by itself


@dataclass(frozen=True, slots=True)
class Finding:
    """The draft with its notes cut to what matters, the clauses to point at, and how likely the best one answers.

    `parts` are the customer's questions, each with the clauses that a reply has to say. `fitting`: the likeliest clause
    holds a value of the kind that is asked for, or none is.
    """

    draft: Draft
    keys: tuple[str, ...]
    parts: tuple[Part, ...]
    answerable: float
    fitting: bool = True


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
        return _chances(self._judged(thread, units, clauses, should_stop))

    def _judged(
        self, thread: Sequence[Turn], units: Sequence[Unit], clauses: Sequence[Clause], should_stop: Callable[[], bool],
        *, within: NDArray[np.bool_] | None = None,
    ) -> NDArray[np.float32]:  # fmt: skip
        """[clauses]: the reader's log odds; only windows with a clause `within` are read, the rest says nothing."""
        windows = self._windows.of(thread, units, clauses)
        if within is not None:
            windows = [window for window in windows if any(within[number] for number, _, _ in window.clauses)]
        found = overlap(thread, units, clauses) @ self._scores.overlap + self._scores.bias
        for window, logits in self._logits(windows, should_stop):
            found[[number for number, _, _ in window.clauses]] += logits
        return found.astype(np.float32)

    def _by_question(
        self, thread: Sequence[Turn], questions: Sequence[str], units: Sequence[Unit], clauses: Sequence[Clause],
        should_stop: Callable[[], bool],
    ) -> list[list[float]]:  # fmt: skip
        """The chances of all clauses for each question of the newest message; less where the kind of value is another.

        A question alone lacks what stands beside it ("and the black one?"), the message holds the others too; on
        messages that no training had seen, the mean of both was right most often. One of a word or two ("price?") is
        read behind the one before it. Passages in which the message as a whole finds nothing are not read again.
        """
        whole = self._judged(thread, units, clauses, should_stop)
        worth = _in_passages(whole >= _WORTH, units, clauses)
        read = []
        for before, question in zip(["", *questions], questions or [""], strict=False):
            judged = whole
            if len(questions) > 1:
                text = f"{before} {question}".strip() if len(terms(question)) <= _BARE else question
                alone = [*thread[:-1], structs.replace(thread[-1], text=text)]
                judged = self._judged(alone, units, clauses, should_stop, within=worth)
                judged = np.where(worth, (whole + judged) * np.float32(0.5), whole)
            read.append(_chances(judged - MISFIT * misfits(question, units, clauses)))
        return read

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
        questions = questions_in(_question(draft.thread))
        readings = self._by_question(draft.thread, questions, units, clauses, should_stop)
        shown, each = choose_each(units, clauses, readings)
        parts = tuple(
            Part(question, _answers(chosen, units, clauses, reading), chosen.answerable)
            for question, chosen, reading in zip(questions or [""], each, readings, strict=True)
        )
        passages = narrowed(draft.passages, shown.units)
        fitting = len(parts) > 1 or not _misfit(parts[0].question, units, clauses, readings[0])
        return Finding(structs.replace(draft, passages=passages), shown.keys, parts, shown.answerable, fitting)


def _in_passages(found: NDArray[np.bool_], units: Sequence[Unit], clauses: Sequence[Clause]) -> NDArray[np.bool_]:
    """[clauses]: those that stand in a passage with one that is `found`."""
    places = [units[clause.unit].passage for clause in clauses]
    holding = {place for place, one in zip(places, found, strict=True) if one}
    return np.array([place in holding for place in places], np.bool_)


def _misfit(question: str, units: Sequence[Unit], clauses: Sequence[Clause], reading: Sequence[float]) -> bool:
    if not clauses:
        return False
    likeliest = max(range(len(clauses)), key=reading.__getitem__)
    return bool(misfits(question, units, clauses)[likeliest])


def _answers(
    chosen: Chosen, units: Sequence[Unit], clauses: Sequence[Clause], reading: Sequence[float]
) -> tuple[Answer, ...]:
    return tuple(
        Answer(clauses[place].text, units[clauses[place].unit].text, reading[place]) for place in chosen.answers
    )


def _question(thread: Sequence[Turn]) -> str:
    return thread[-1].text if thread else ""


def _chances(log_odds: NDArray[np.float32]) -> list[float]:
    chances: list[float] = (1.0 / (1.0 + np.exp(-log_odds))).tolist()
    return chances


def _version(folder: Path) -> str:
    """What the folder's card says."""
    try:
        return f"{folder.name}-{json.loads((folder / CARD_FILE).read_text(encoding='utf-8'))['version']}"
    except (OSError, ValueError, KeyError):
        return folder.name
