"""Learning at once: how long until a correction is felt, what it changes and what it must not change.

    python -m tests.benchmarks.bench_learning [--models DIR] [--stored 10000] [--features FILE]

Heads are trained on half of the corpus rows. The other half gives the corrections, and the messages on which what they
change is measured: no expansion of a row is on both sides. Times are those of an engine process with `--stored` lessons
in it, from sending a correction to having the reading of the next message. The peer is scikit-learn's
LogisticRegression fitted from scratch on the same vectors. `--features` keeps the encoder's work for another run.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from agent_assist.domain.tickets import Role
from agent_assist.engine.local import ALL_LAYERS, local_engine
from agent_assist.engine.protocol import Lesson, Priority, Turn
from models.encoder.layout import TOKENIZER_FILE
from models.encoder.tokens import TextEncoder
from models.encoder.trunk import load_trunk
from models.understanding.choice import STARTER_ENCODER, choose
from models.understanding.corpus import Example, load_corpus
from models.understanding.fitting.extract import Extracted, extract
from models.understanding.fitting.fit import train_heads
from models.understanding.fitting.plan import STARTER_STRENGTHS, HeadPlan
from models.understanding.heads import Heads
from models.understanding.learning.learner import Learner
from models.understanding.learning.lesson import Taught
from models.understanding.learning.refit import Space
from models.understanding.learning.replay import Replay, select_replay
from models.understanding.lexical import bag, weigh
from models.understanding.train import save
from tests.helpers.models import models_dir

CORPUS = Path(__file__).parents[2] / "resources" / "corpora" / "understanding"
Floats = NDArray[np.float32]
Indices = NDArray[np.int64]
TIMED = 25
WRONG_CLICKS = 100


@dataclass(frozen=True, slots=True)
class Bench:
    """Heads on half of the rows; `pool` are the other half's examples."""

    examples: list[Example]
    features: Floats
    heads: Heads
    replay: Replay
    trained: Indices
    pool: Indices

    def taught(self, index: int, intents: Sequence[str]) -> Taught:
        """A correction of an example."""
        bags = (weigh(bag(self.examples[index].text), self.heads.rarity),)
        return Taught(str(index), tuple(intents), self.features[index : index + 1], bags)

    def hits(self, heads: Heads, chosen: Indices) -> NDArray[np.bool_]:
        """Whether the best intent is one of the example's, of those that have any."""
        scores = heads.score(self.features[chosen], [self.examples[i].text for i in chosen.tolist()]).intent
        best = [heads.intents[place] for place in scores.argmax(axis=1).tolist()]
        return np.array([name in self.examples[i].intents for name, i in zip(best, chosen.tolist(), strict=True)])


def vectors(examples: Sequence[Example], models: Path, kept: Path | None) -> Floats:
    """Sentence features of all texts, from the file where it holds them."""
    texts = [one.text for one in examples]
    if kept is not None and kept.is_file():
        with np.load(kept) as file:
            if file["texts"].tolist() == texts:
                return file["features"].astype(np.float32)
    encoder = models / "encoder" / STARTER_ENCODER
    began = time.perf_counter()
    trunk, tokens = load_trunk(encoder, device="cpu"), TextEncoder(encoder / TOKENIZER_FILE)
    features = extract(texts, trunk, tokens, with_units=False).sentences
    print(f"{len(texts)} texts encoded in {time.perf_counter() - began:.0f} s")
    if kept is not None:
        np.savez(kept, features=features.astype(np.float16), texts=np.array(texts))
    return features


def prepare(examples: list[Example], features: Floats, folder: Path, *, language: str = "") -> Bench:
    """Train on half of the rows (of one language, if named) and write heads and replay memory into `folder`."""
    rows = np.array([one.row for one in examples])
    share = np.random.default_rng(0).random(int(rows.max()) + 1)[rows]
    fits = np.array([not language or one.language == language for one in examples])
    trained, held = np.flatnonzero((share < 0.42) & fits), np.flatnonzero((share >= 0.42) & (share < 0.5) & fits)
    intents = tuple(sorted({name for index in trained for name in examples[index].intents}))
    plan = HeadPlan(intents=intents, scope=True, strengths=STARTER_STRENGTHS[:1])
    fitted = train_heads(examples, Extracted(features, [], []), trained, plan, held=held)
    card = {"name": folder.name, "version": "1", "encoder": STARTER_ENCODER, "active": True}
    replay = select_replay([examples[index] for index in trained], features[trained])
    save(folder, fitted, card | fitted.card, replay)
    pool = np.flatnonzero((share >= 0.5) & np.array([not language or one.language != language for one in examples]))
    return Bench(examples, features, Heads.load(folder), replay, trained, pool)


@dataclass(frozen=True, slots=True)
class Split:
    """Of the pool: what the heads read wrong and right of its first part, an example a row; the second part is held
    out, `base` says what of it is read right without a correction."""

    wrong: Indices
    right: Indices
    held: Indices
    base: NDArray[np.bool_]


def divide(bench: Bench) -> Split:
    """The pool's rows in two halves."""
    inside = np.array([bool(bench.examples[index].intents) for index in bench.pool])
    pool = bench.pool[inside]
    rows = np.array([bench.examples[index].row for index in pool])
    first = np.random.default_rng(1).random(int(rows.max()) + 1)[rows] < 0.4
    single = pool[first][np.unique(rows[first], return_index=True)[1]]
    single = np.random.default_rng(2).permutation(single)
    hits = bench.hits(bench.heads, single)
    held = pool[~first]
    return Split(single[~hits], single[hits], held, bench.hits(bench.heads, held))


def by_intent(bench: Bench, split: Split, gained: Floats) -> dict[str, float]:
    """The mean change of accuracy of each intent's held-out rows."""
    rows: dict[str, dict[int, list[float]]] = {}
    for index, change in zip(split.held.tolist(), gained.tolist(), strict=True):
        for name in bench.examples[index].intents:
            rows.setdefault(name, {}).setdefault(bench.examples[index].row, []).append(change)
    return {name: float(np.mean([np.mean(one) for one in found.values()])) for name, found in rows.items()}


def gained(bench: Bench, split: Split, heads: Heads) -> Floats:
    """1 for each held-out example that is read right now and was not, -1 for the reverse."""
    return bench.hits(heads, split.held).astype(np.float32) - split.base


def right_corrections(bench: Bench, split: Split, name: str) -> None:
    """Corrections of messages that were read wrong."""
    learner = Learner(bench.heads, bench.replay)
    print(f"{name}: held-out accuracy {split.base.mean():.4f} on {len(split.held)} messages before a correction")
    twins = {index: _twins(bench, index) for index in split.wrong.tolist()}
    for count in (1, 10, 100, 300):
        chosen = split.wrong[:count]
        began = time.perf_counter()
        heads = learner.learn([bench.taught(index, bench.examples[index].intents) for index in chosen.tolist()])
        took = time.perf_counter() - began
        others = np.array([twin for index in chosen.tolist() for twin in twins[index]])
        now = split.base.mean() + gained(bench, split, heads).mean()
        told, alike = bench.hits(heads, chosen).mean(), bench.hits(heads, others).mean() if len(others) else 1.0
        print(
            f"  after {len(chosen)} right corrections: {now:.4f}; of the corrected {told:.2f} are read as told, "
            f"of other wordings of theirs {alike:.2f}; learned in {took:.2f} s"
        )


def _twins(bench: Bench, index: int) -> list[int]:
    """Other expansions of the same row."""
    row, place = bench.examples[index].row, int(np.searchsorted(bench.pool, index))
    near = bench.pool[max(0, place - 8) : place + 9].tolist()
    return [one for one in near if bench.examples[one].row == row and one != index]


def wrong_clicks(bench: Bench, split: Split) -> None:
    """A wrong label on a message that was read right: one at a time, then twenty at once."""
    chance = np.random.default_rng(3)
    labels = list(bench.heads.intents)
    single = [index for index in split.right.tolist() if len(bench.examples[index].intents) == 1]
    learner = Learner(bench.heads, bench.replay)
    overall, own, others = [], [], []
    clicks = [(index, str(chance.choice(labels))) for index in single[:WRONG_CLICKS]]
    for index, label in clicks:
        change = gained(bench, split, learner.learn([bench.taught(index, [label])]))
        lost = by_intent(bench, split, change)
        overall.append(float(change.mean()))
        own.append(lost.pop(bench.examples[index].intents[0]))
        others.append(min(lost.values()))
        learner.learn([], [str(index)])
    print(f"one wrong click, {len(clicks)} tried; accuracy of held-out messages: on average, in one of 20, at worst")
    for name, values in (("all", overall), ("the clicked intent", own), ("the other intent that lost most", others)):
        print(f"  {name}: {np.mean(values):+.4f} {np.percentile(values, 5):+.4f} {min(values):+.4f}")
    twenty = [(index, str(chance.choice(labels))) for index in single[WRONG_CLICKS : WRONG_CLICKS + 20]]
    change = gained(bench, split, learner.learn([bench.taught(index, [label]) for index, label in twenty]))
    worst = min(by_intent(bench, split, change).values())
    print(f"twenty wrong clicks: held-out accuracy {change.mean():+.4f}, the intent that lost most {worst:+.3f}")


def peer(bench: Bench, split: Split, stored: Indices) -> None:
    """What the same costs when all is fitted from scratch on the vectors."""
    space = Space.of(bench.features[bench.trained, : bench.features.shape[1] // 2])

    def dense(chosen: Indices) -> Floats:
        return (bench.features[chosen, : len(space.mean)] - space.mean) / space.deviation

    inside = np.array([index for index in stored.tolist() if bench.examples[index].intents])
    labels = [bench.examples[index].intents[0] for index in inside.tolist()]
    began = time.perf_counter()
    model = LogisticRegression(C=1 / 80, max_iter=200).fit(dense(inside), labels)
    took = time.perf_counter() - began
    best = model.predict(dense(split.held))
    hits = [name in bench.examples[index].intents for name, index in zip(best, split.held.tolist(), strict=True)]
    print(
        f"peer, LogisticRegression from scratch on {len(inside)} vectors: {took:.1f} s a correction; "
        f"held-out accuracy {np.mean(hits):.4f}"
    )


async def felt(bench: Bench, split: Split, models: Path, stored: Indices) -> None:
    """Through a real engine: a correction, then the next message."""
    trunk = choose(models).trunk

    def lesson(index: int, *, cached: bool) -> Lesson:
        features = bench.features[index].astype("<f2").tobytes() if cached else b""
        one = bench.examples[index]
        return Lesson(id=str(index), thread=thread(one.text), intents=list(one.intents), features=features, trunk=trunk)

    engine = local_engine(models, placed=lambda: ("cpu", ALL_LAYERS))
    await engine.start()
    await engine.understand([thread("warm")], priority=Priority.OPEN_TICKET)
    began = time.perf_counter()
    learned = await engine.learn([lesson(index, cached=True) for index in stored.tolist()])
    print(
        f"{learned.held} lessons with their stored vectors are learned at the start in "
        f"{time.perf_counter() - began:.1f} s, {learned.seconds:.1f} s of it in the engine"
    )
    times, right = [], 0
    for index in split.wrong[:TIMED].tolist():
        began = time.perf_counter()
        await engine.learn([lesson(index, cached=False)])
        [read] = await engine.understand([thread(bench.examples[index].text)], priority=Priority.OPEN_TICKET)
        times.append(time.perf_counter() - began)
        right += read.understanding.intents[0].label in bench.examples[index].intents
    await engine.close()
    print(
        f"from a correction to the next message's reading, {learned.held} examples stored: "
        f"median {statistics.median(times):.3f} s, worst {max(times):.3f} s; {right} of {TIMED} read as told"
    )


def thread(text: str) -> list[Turn]:
    """A thread of one message."""
    return [Turn(role=Role.CUSTOMER, text=text)]


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, default=models_dir())
    parser.add_argument("--stored", type=int, default=10_000)
    parser.add_argument("--features", type=Path)
    parser.add_argument("--only", choices=("speed", "quality"))
    options = parser.parse_args()
    torch.set_num_threads(1)
    threadpool_limits(1)  # as in the engine
    examples = load_corpus(CORPUS, expansions=2)
    features = vectors(examples, options.models, options.features)
    with tempfile.TemporaryDirectory() as place:
        models = Path(place)
        encoder = models / "encoder" / STARTER_ENCODER
        encoder.parent.mkdir()
        encoder.symlink_to(options.models / "encoder" / STARTER_ENCODER)
        bench = prepare(examples, features, models / "heads" / "bench")
        split = divide(bench)
        stored = np.random.default_rng(4).permutation(np.setdiff1d(np.arange(len(examples)), bench.pool))
        stored = stored[: options.stored]
        if options.only != "quality":
            asyncio.run(felt(bench, split, models, stored))
            peer(bench, split, stored)
        if options.only == "speed":
            return
        right_corrections(bench, split, "corpus")
        wrong_clicks(bench, split)
        foreign = prepare(examples, features, models / "heads" / "chinese", language="zh")
        right_corrections(foreign, divide(foreign), "heads that were trained on Chinese, corrected in English")


if __name__ == "__main__":
    main()
