"""The sample of the corpus that is kept beside heads."""

from pathlib import Path

import numpy as np
import pytest

from models.understanding.corpus import Example
from models.understanding.learning.replay import Replay, load, select_replay, write

CHANCE = np.random.default_rng(0)


def example(row: int, *intents: str, language: str = "zh") -> Example:
    return Example(
        row=row,
        language=language,
        text=f"消息\n{row}",
        intents=intents,
        sentiment="neutral",
        urgency="normal",
        spans=(),
    )


def test_each_intent_is_kept_in_both_languages_and_a_row_once() -> None:
    examples = [example(row, "a", language="zh") for row in range(50)]
    examples += [example(50 + row // 2, "a", language="en") for row in range(20)]  # two expansions a row
    examples += [example(70 + row, "a", "b") for row in range(3)] + [example(80 + row) for row in range(40)]
    vectors = CHANCE.normal(size=(len(examples), 6)).astype(np.float32)
    replay = select_replay(examples, vectors, per_intent=8)
    assert len(set(replay.texts)) == len(replay.texts)
    assert sum("b" in names for names in replay.intents) == 3
    assert sum("a" in names for names in replay.intents) == 8
    assert sum(not names for names in replay.intents) == 32
    kept = [next(one for one in examples if one.text == text) for text in replay.texts]
    assert {one.language for one in kept if "a" in one.intents} == {"zh", "en"}
    by_text = {one.text: vector for one, vector in zip(examples[:50], vectors, strict=False)}
    for text, features in zip(replay.texts, replay.features, strict=True):
        assert text not in by_text or np.array_equal(by_text[text], features)
    again = select_replay(examples, vectors, per_intent=8)
    assert again.texts == replay.texts


def test_what_is_written_is_read_again_within_a_step(tmp_path: Path) -> None:
    features = (CHANCE.normal(size=(30, 8)) * np.geomspace(0.01, 5, 8)).astype(np.float32)
    replay = Replay(
        features, tuple(f'文字 "{i}"\u2028' for i in range(30)), tuple(() if i % 3 else ("x",) for i in range(30))
    )
    features_file, texts_file = write(tmp_path, replay)
    assert features_file.stat().st_size < features.nbytes
    again = load(tmp_path)
    assert (again.texts, again.intents) == (replay.texts, replay.intents)
    spread = features.max(axis=0) - features.min(axis=0)
    assert (np.abs(again.features - features) <= spread / 250).all()
    texts_file.write_text(texts_file.read_text(encoding="utf-8").replace("文字", "字文"), encoding="utf-8")
    with pytest.raises(ValueError, match="does not belong"):
        load(tmp_path)


def test_without_a_replay_memory_a_sentence_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="Train them again"):
        load(tmp_path)
