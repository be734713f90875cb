"""Averages and soups of models over tiny encoders."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from agent_assist.domain.tickets import Role
from agent_assist.engine.protocol import Turn
from models.training.dataset.rows import Row
from models.training.errors import UnusableError
from models.training.run import train
from models.tuning.joining.average import average
from models.tuning.joining.soup import soup
from models.understanding.averaging import load_reader
from models.understanding.predictor import Predictor
from models.understanding.reader import Reader
from tests.models.training.conftest import entity_rows, intent_rows
from tests.models.tuning.conftest import quick, silent

ROWS = intent_rows(4)
TEXTS = ["money back please", "hello there", "tax bill", "where is it"]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, models_dir: Path) -> Path:
    """A models folder with a frozen model, two tuned ones, one for entities, and copies."""
    folder = tmp_path_factory.mktemp("trained")
    shutil.copytree(models_dir / "encoder", folder / "encoder")
    for name, values in {
        "first": {},
        "tuned": {"trunk": "full", "epochs": 1, "rate": 1e-3},
        "tuned-2": {"trunk": "full", "epochs": 1, "rate": 1e-3, "seed": 1, "soup": 0.0},
    }.items():
        train("intent", ROWS, quick(**values), folder / "heads" / name, models=folder, report=silent, validation=ROWS)
    spans = [Row(text=row.text, spans=row.spans) for row in entity_rows(12)]
    train("entities", spans, quick(), folder / "heads" / "spans", models=folder, report=silent, validation=spans)
    for name in ("first", "spans", "tuned"):
        shutil.copytree(folder / "heads" / name, folder / "heads" / f"{name}-copy")
    return folder


def predict(folder: Path, name: str) -> np.ndarray:
    found = Predictor.load(folder, name, device="cpu").predict(TEXTS, [""] * len(TEXTS), progress=lambda *_: None)
    return np.array([[*one.intents, one.outside] for one in found])


def test_an_average_tells_the_mean_probabilities_wherever_a_name_loads(trained: Path) -> None:
    out = trained / "heads" / "both"
    outcome = average(["first", "tuned"], out, models=trained, report=silent, rows=ROWS)
    wanted = (predict(trained, "first") + predict(trained, "tuned")) / 2
    assert predict(trained, "both") == pytest.approx(wanted, abs=1e-5)
    assert predict(trained, str(out)) == pytest.approx(wanted, abs=1e-5)
    assert outcome.card["passes"] == 2
    assert {"accuracy", "macro_f1"} <= set(outcome.card["metrics"])
    assert "2 passes of a trunk" in (out / "card.md").read_text(encoding="utf-8")
    with changed(out / "model.json", active=True):
        reader = load_reader(trained, device="cpu")
    assert type(reader) is not Reader
    [told], vectors = reader.understand([[Turn(role=Role.CUSTOMER, text="tax bill")]])
    assert told.intents[0].label == Predictor.load(trained, "both").known.intents[int(wanted[2, :-1].argmax())]
    assert told.intents[0].score == pytest.approx(wanted[2, :-1].max(), abs=1e-4)
    assert vectors.shape == (1, 128)


def test_members_on_one_trunk_share_its_pass(trained: Path, tmp_path: Path) -> None:
    outcome = average(["first", "first-copy"], tmp_path / "twins", models=trained, report=silent)
    assert outcome.card["passes"] == 1
    assert outcome.card["metrics"] == {}
    assert predict(trained, str(tmp_path / "twins")) == pytest.approx(predict(trained, "first"), abs=1e-5)


def test_entities_are_averaged_too(trained: Path, tmp_path: Path) -> None:
    average(["spans", "spans-copy"], tmp_path / "out", models=trained, report=silent)
    texts = [row.text for row in entity_rows(4)]

    def spans(name: str) -> list[list[tuple[str, int, int]]]:
        found = Predictor.load(trained, name, device="cpu").predict(texts, [""] * 4, progress=lambda *_: None)
        return [[(one.type, one.start, one.end) for one in told.entities] for told in found]

    assert spans(str(tmp_path / "out")) == spans("spans")
    assert any(spans("spans"))


def test_a_member_that_was_trained_anew_is_noticed(trained: Path, tmp_path: Path) -> None:
    average(["first", "tuned-copy"], tmp_path / "out", models=trained, report=silent)
    said = "tuned-copy, a member of out, is not the model that was averaged"
    with changed(trained / "heads" / "tuned-copy" / "model.json", version="2"), pytest.raises(ValueError, match=said):
        Predictor.load(trained, str(tmp_path / "out"), device="cpu")


@contextmanager
def changed(card: Path, **fields: object) -> Iterator[None]:
    old = card.read_text(encoding="utf-8")
    card.write_text(json.dumps(json.loads(old) | fields), encoding="utf-8")
    yield
    card.write_text(old, encoding="utf-8")


def test_a_soup_is_one_trunk_with_heads_of_its_own(trained: Path, tmp_path: Path) -> None:
    out = trained / "heads" / "souped"
    outcome = soup(["tuned", "tuned-2"], out, ROWS, models=trained, report=silent, validation=ROWS, work=tmp_path)
    name = "encoder.layer.0.output.dense.weight"
    parts = [
        load_file(trained / "heads" / one / "trunk" / "model.safetensors")[name]
        for one in ("tuned", "tuned-2", "souped")
    ]
    assert not np.allclose(parts[0], parts[1], atol=1e-4)
    assert parts[2].astype(np.float32) == pytest.approx((parts[0].astype(np.float32) + parts[1]) / 2, abs=1e-3)
    assert outcome.card["soup"] == ["tuned", "tuned-2"]
    assert str(tmp_path) not in (out / "model.json").read_text(encoding="utf-8")
    assert predict(trained, "souped").shape == (4, 5)
    card = json.loads((out / "trunk" / "model.json").read_text(encoding="utf-8"))
    assert card["base"].startswith("tiny")


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["first"], "two different models"),
        (["first", "nobody"], "no model nobody"),
        (["first", "tiny"], "tiny is an encoder"),
        (["first", "spans"], "must tell the same labels, but only some have a head for intent"),
    ],
)
def test_what_cannot_be_averaged_is_said_and_leaves_nothing(
    trained: Path, tmp_path: Path, names: list[str], said: str
) -> None:
    with pytest.raises(UnusableError, match=said):
        average(names, tmp_path / "out", models=trained, report=silent)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("names", [("first", "first-copy"), ("tuned", "tuned-copy")])
def test_one_trunk_is_no_soup(trained: Path, tmp_path: Path, names: tuple[str, str]) -> None:
    with pytest.raises(UnusableError, match="stand on the same trunk"):
        soup(names, tmp_path / "out", ROWS, models=trained, report=silent, work=tmp_path / "work")
    assert not (tmp_path / "out").exists()


def test_trunks_of_different_origins_are_no_soup(trained: Path, tmp_path: Path) -> None:
    card, names = trained / "heads" / "tuned-copy" / "trunk" / "model.json", ["tuned", "tuned-copy"]
    said = "tuned from tiny 1; tuned-copy from another 3"
    with changed(card, base="another 3", files={}), pytest.raises(UnusableError, match=said):
        soup(names, tmp_path / "out", ROWS, models=trained, report=silent, work=tmp_path / "work")
