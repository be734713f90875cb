"""Understanding: time of one message beside the bare onnxruntime call, throughput, and accuracy on public sets.

    python -m tests.benchmarks.bench_understanding [--models DIR] [--bench DIR] [--only speed|quality]

The public sets are read where they lie (`--bench`, default ../shared/bench) and skipped where they are not. Their
labels are mapped to ours in understanding_labels.json; a set's own labels are learned anew for the comparison with
TF-IDF.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from agent_assist.domain.tickets import Role
from agent_assist.engine.protocol import Turn
from models.encoder.layout import TOKENIZER_FILE
from models.encoder.tokens import TextEncoder, pad
from models.encoder.trunk import OnnxTrunk, load_trunk
from models.understanding.choice import choose
from models.understanding.corpus import Example
from models.understanding.extract import extract
from models.understanding.heads import Heads
from models.understanding.lexical import bag, rarities, weigh
from models.understanding.logistic import Features, Loss, fit
from models.understanding.reader import Reader

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))  # a benchmark is run as a file

from tests.helpers.models import models_dir  # noqa: E402

BENCH = HERE.parents[2] / "shared" / "bench"
MESSAGES = (
    "你好，我的订单GF2611020017三天没动了，帮我催一下",
    "Hi, I ordered two black jackets last Friday and only one arrived",
    "怎么退货",
    "这款保温杯有没有500ml的，白色还有货吗？",
)
ROUNDS = 60
# Less than for the shipped heads: here training and test come from the same shop.
L2 = 10.0
SCALE = 25.0


def thread(text: str) -> list[Turn]:
    """A thread of one message."""
    return [Turn(role=Role.CUSTOMER, text=text)]


def in_turns(*works: Callable[[], object]) -> list[float]:
    """Median wall time of each work in milliseconds; they take turns, so that a busy machine slows all alike."""
    times: list[list[float]] = [[] for _ in works]
    for round_number in range(ROUNDS + 5):
        for work, kept in zip(works, times, strict=True):
            began = time.perf_counter()
            work()
            if round_number >= 5:
                kept.append(1000 * (time.perf_counter() - began))
    return [statistics.median(one) for one in times]


def speed(models: Path) -> None:
    """One message against the bare call on the same ids, in turns; then 1,000 messages."""
    reader = Reader.load(models, device="cpu")
    choice = choose(models)
    tokens, trunk = TextEncoder(choice.encoder / TOKENIZER_FILE), OnnxTrunk(choice.encoder, reason="")
    print(f"device: {reader.device} ({reader.device_reason})")
    for text in MESSAGES:
        ids, mask = pad([tokens.encode(text, prefix="query: ")])
        feed = {"input_ids": ids, "attention_mask": mask}
        bare, whole = in_turns(
            lambda feed=feed: trunk.session.run(["pooled", "hidden"], feed),  # type: ignore[misc]
            lambda text=text: reader.understand([thread(text)]),  # type: ignore[misc]
        )
        print(
            f"one message, {ids.shape[1]} tokens: {whole:.2f} ms; bare onnxruntime {bare:.2f} ms; {whole / bare:.2f}x"
        )
    many = [thread(f"{MESSAGES[i % len(MESSAGES)]} {i}") for i in range(1000)]
    began = time.perf_counter()
    reader.understand(many)
    took = time.perf_counter() - began
    print(f"1,000 messages: {took:.1f} s, {1000 / took:.0f} a second")


def rows_of(path: Path) -> list[dict[str, str]]:
    """A set's rows; empty where the set is not there."""
    if not path.is_file():
        print(f"{path.name}: not here, skipped")
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


class Quality:
    """The shipped heads, and heads learned anew, on public sets."""

    def __init__(self, models: Path, bench: Path) -> None:
        choice = choose(models)
        self._heads = Heads.load(choice.heads)
        self._trunk = load_trunk(choice.encoder, device="cpu")
        self._tokens = TextEncoder(choice.encoder / TOKENIZER_FILE)
        self._bench = bench
        self._maps = json.loads((HERE / "understanding_labels.json").read_text(encoding="utf-8"))

    def features(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """[texts, features]."""
        examples = [
            Example(row=i, language="", text=text, intents=(), sentiment="neutral", urgency="low", spans=())
            for i, text in enumerate(texts)
        ]
        return extract(examples, self._trunk, self._tokens).sentences

    def mapped(self, file: str, map_name: str, *, limit: int = 2000) -> None:
        """The shipped heads' best intent against the set's labels, where they have a counterpart among ours."""
        labels = self._maps[map_name]
        rows = [row for row in rows_of(self._bench / file) if row["label"] in labels]
        if not rows:
            return
        chosen = np.random.default_rng(0).permutation(len(rows))[:limit]
        texts = [rows[i]["text"] for i in chosen]
        best = self._heads.score(self.features(texts), texts).intent.argmax(axis=1)
        right = [self._heads.intents[b] in labels[rows[i]["label"]] for b, i in zip(best, chosen, strict=True)]
        print(f"{file}: shipped heads, mapped labels: accuracy {np.mean(right):.3f} ({len(right)} rows)")

    def scope(self) -> None:
        """Foreign Chinese queries against a shop's messages."""
        foreign = [row["text"] for row in rows_of(self._bench / "oos_zh_smp2019.jsonl")]
        labels = self._maps["intent_zh_jddc51"]
        inside = [row["text"] for row in rows_of(self._bench / "intent_zh_jddc51.jsonl") if row["label"] in labels]
        if not foreign or not inside:
            return
        texts = [*inside[:500], *foreign]
        scores = self._heads.score(self.features(texts), texts)
        refused = np.array([not self._heads.read(scores.row(i)).in_scope for i in range(len(texts))])
        truth = np.arange(len(texts)) >= len(inside[:500])
        print(
            f"oos_zh_smp2019 against intent_zh_jddc51: AUROC {roc_auc_score(truth, scores.scope):.3f}; "
            f"foreign refused {refused[truth].mean():.3f}, shop's refused {refused[~truth].mean():.3f}"
        )

    def learned(self, file: str, *, test: str | None = None, folds: int = 5) -> None:
        """Heads learned on the set's own labels beside TF-IDF + linear SVM, on the same rows."""
        rows = rows_of(self._bench / file)
        if not rows:
            return
        texts, labels = [row["text"] for row in rows], np.array([row["label"] for row in rows])
        if test is None:
            parts = list(StratifiedKFold(folds, shuffle=True, random_state=0).split(texts, labels))
        else:
            more = [row for row in rows_of(self._bench / test) if row["label"] in set(labels)]
            parts = [(np.arange(len(texts)), np.arange(len(texts), len(texts) + len(more)))]
            texts += [row["text"] for row in more]
            labels = np.append(labels, [row["label"] for row in more])
        sentences = self.features(texts)
        ours, floor = [], []
        for inside, outside in parts:
            ours.append((_learn(sentences, texts, labels, inside, outside) == labels[outside]).mean())
            floor.append((_tfidf(texts, labels, inside, outside) == labels[outside]).mean())
        how = f"{folds}-fold" if test is None else f"tested on {test}"
        print(f"{file}, {how}: our heads {np.mean(ours):.3f}; TF-IDF + SVM {np.mean(floor):.3f}")


def _learn(
    sentences: NDArray[np.float32],
    texts: Sequence[str],
    labels: NDArray[np.str_],
    inside: NDArray[np.int64],
    outside: NDArray[np.int64],
) -> NDArray[np.str_]:
    names, place = np.unique(labels[inside], return_inverse=True)
    bags = [bag(text) for text in texts]
    rarity = rarities([bags[i] for i in inside])
    dense = sentences[:, : sentences.shape[1] // 2]
    mean, deviation = dense[inside].mean(axis=0), dense[inside].std(axis=0) + 1e-6

    def features(part: NDArray[np.int64]) -> Features:
        standard = ((dense[part] - mean) / deviation).astype(np.float32)
        return Features.of(standard, [weigh(bags[i], rarity) for i in part], scale=SCALE)

    targets = np.eye(len(names), dtype=np.float32)[place]
    fitted = fit(features(inside), targets, np.ones(len(inside), np.float32), l2=L2, loss=Loss.ONE_VS_REST)
    return names[fitted.scores(features(outside)).argmax(axis=1)]


def _tfidf(
    texts: Sequence[str], labels: NDArray[np.str_], inside: NDArray[np.int64], outside: NDArray[np.int64]
) -> NDArray[np.str_]:
    floor = make_pipeline(TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True), LinearSVC(C=0.5))
    floor.fit([texts[i] for i in inside], labels[inside])
    return np.asarray(floor.predict([texts[i] for i in outside]))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, default=models_dir())
    parser.add_argument("--bench", type=Path, default=BENCH)
    parser.add_argument("--only", choices=("speed", "quality"))
    options = parser.parse_args()
    torch.set_num_threads(1)  # the fits are small; threads that wait for each other only slow them
    if options.only != "quality":
        speed(options.models)
    if options.only != "speed":
        quality = Quality(options.models, options.bench)
        quality.mapped("intent_zh_jddc51.jsonl", "intent_zh_jddc51")
        quality.mapped("intent_en_sofmattress_train.jsonl", "intent_en_sofmattress")
        quality.mapped("intent_en_sofmattress_test.jsonl", "intent_en_sofmattress")
        quality.mapped("intent_en_bitext27.jsonl", "intent_en_bitext27", limit=1500)
        quality.scope()
        quality.learned("intent_zh_jddc51.jsonl")
        quality.learned("intent_en_sofmattress_train.jsonl", test="intent_en_sofmattress_test.jsonl")


if __name__ == "__main__":
    main()
