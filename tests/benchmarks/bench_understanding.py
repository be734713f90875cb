"""Understanding: time of one message beside the bare onnxruntime call, throughput, and accuracy on public sets.

    python -m tests.benchmarks.bench_understanding [--models DIR] [--bench DIR] [--only speed|quality]

The public sets are read where they lie (`--bench`, default ../shared/bench) and skipped where they are not. Their
labels are mapped to ours in understanding_labels.json. Learning a set's own labels is bench_training.py.
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
from sklearn.metrics import roc_auc_score
from transformers import BertModel

from agent_assist.domain.tickets import Role
from agent_assist.engine.protocol import Turn
from models.encoder.layout import TOKENIZER_FILE
from models.encoder.tokens import TextEncoder, pad
from models.encoder.trunk import OnnxTrunk, TorchTrunk, load_trunk
from models.understanding.choice import choose
from models.understanding.fitting.extract import extract
from models.understanding.heads import Heads
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
    "I placed two orders last week, a black jacket and a grey scarf, and only the scarf has come so far. Where is it?",
)
ROUNDS = 60


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


class SeparatePasses:
    """What a shop would run without one shared pass: the same trunk in torch (fp32, as SetFit and GLiNER run by
    default) once for each of intent, sentiment and urgency with a linear head, once for the search vector, and once
    with the names of the entity types before the text and a score for each of its spans."""

    _MOST_WORDS = 12

    def __init__(self, encoder: Path, types: Sequence[str]) -> None:
        self._tokens = TextEncoder(encoder / TOKENIZER_FILE)
        self._model = BertModel.from_pretrained(encoder, add_pooling_layer=False, dtype=torch.float32).eval()
        self._heads = [torch.randn(self._model.config.hidden_size, labels) for labels in (52, 5, 4)]
        self._prompt = " ".join(f"<{name}>" for name in types)
        self._types = torch.randn(len(types), self._model.config.hidden_size)

    def __call__(self, text: str) -> None:
        """Everything about one message."""
        with torch.inference_mode():
            for head in self._heads:
                self._hidden(text).mean(dim=1) @ head
            self._hidden(text).mean(dim=1)
            hidden = self._hidden(f"{self._prompt} {text}")[0]
            ends = [
                hidden[width:] + hidden[: len(hidden) - width] for width in range(min(self._MOST_WORDS, len(hidden)))
            ]
            torch.sigmoid(torch.cat(ends) @ self._types.T)

    def _hidden(self, text: str) -> torch.Tensor:
        ids, mask = pad([self._tokens.encode(text, prefix="query: ")])
        found: torch.Tensor = self._model(
            input_ids=torch.from_numpy(ids), attention_mask=torch.from_numpy(mask)
        ).last_hidden_state
        return found


def speed(models: Path) -> None:
    """One message against the bare call on the same ids and against separate passes, in turns; then 1,000 messages."""
    reader = Reader.load(models, device="cpu")
    choice = choose(models)
    tokens, trunk = TextEncoder(choice.encoder / TOKENIZER_FILE), OnnxTrunk(choice.encoder, reason="")
    separate = SeparatePasses(choice.encoder, Heads.load(choice.heads).entity_types)
    print(f"device: {reader.device} ({reader.device_reason})")
    for text in MESSAGES:
        ids, mask = pad([tokens.encode(text, prefix="query: ")])
        feed = {"input_ids": ids, "attention_mask": mask}
        bare, whole, apart = in_turns(
            lambda feed=feed: trunk.session.run(["pooled", "hidden"], feed),  # type: ignore[misc]
            lambda text=text: reader.understand([thread(text)]),  # type: ignore[misc]
            lambda text=text: separate(text),  # type: ignore[misc]
        )
        print(
            f"one message, {ids.shape[1]} tokens: {whole:.2f} ms; bare onnxruntime {bare:.2f} ms, {whole / bare:.2f}x; "
            f"separate passes in torch {apart:.1f} ms, {apart / whole:.1f}x of ours"
        )
    many = [thread(f"{MESSAGES[i % len(MESSAGES)]} {i}") for i in range(1000)]
    began = time.perf_counter()
    reader.understand(many)
    took = time.perf_counter() - began
    print(f"1,000 messages: {took:.1f} s, {1000 / took:.0f} a second")


def agreement(models: Path, bench: Path) -> None:
    """What ships (int8) beside the same weights in fp32: top intent, spans, and the vectors' cosine."""
    choice = choose(models)
    heads, tokens = Heads.load(choice.heads), TextEncoder(choice.encoder / TOKENIZER_FILE)
    rows = [
        row for file in ("intent_zh_jddc51.jsonl", "intent_en_sofmattress_test.jsonl") for row in rows_of(bench / file)
    ]
    texts = [row["text"] for row in rows[::3]] or list(MESSAGES)
    whole = extract(texts, TorchTrunk(choice.encoder, reason="", device="cpu"), tokens)
    small = extract(texts, OnnxTrunk(choice.encoder, reason=""), tokens)
    tops = [heads.score(one.sentences, texts).intent.argmax(axis=1) for one in (whole, small)]
    width = whole.sentences.shape[1] // 2
    cosine = (whole.sentences[:, :width] * small.sentences[:, :width]).sum(axis=1).mean()
    line = f"int8 beside fp32 on {len(texts)} messages: same top intent {np.mean(tops[0] == tops[1]):.4f}"
    if heads.entity is not None:
        found = [
            [
                {(e.type, e.start, e.end) for e in heads.entity.find(units, vectors.astype(np.float32))}
                for units, vectors in zip(one.units, one.unit_vectors, strict=True)
            ]
            for one in (whole, small)
        ]
        both = sum(len(a & b) for a, b in zip(*found, strict=True))
        line += f", span F1 of one by the other {2 * both / max(1, sum(len(a) for one in found for a in one)):.4f}"
    print(f"{line}, mean cosine {cosine:.5f}")


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
        return extract(texts, self._trunk, self._tokens, with_units=False).sentences

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
        quality.mapped("intent_en_natcs_development.jsonl", "intent_en_natcs")
        agreement(options.models, options.bench)


if __name__ == "__main__":
    main()
