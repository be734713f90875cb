"""A reranker of the user's: read from its folder alone, and what a folder is refused for."""

import json
import math
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from models.inspect import UnusableModelError, inspect
from models.reranker.choice import chosen_reranker
from models.reranker.cross_encoder import CrossEncoder
from tests.helpers.cross_encoder import make_cross_encoder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_cross_encoder(tmp_path_factory.mktemp("made") / "tiny-reranker")


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "own"))


def change_config(folder: Path, **fields: object) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | fields), encoding="utf-8")


def test_scores_are_those_of_transformers_in_order(made: Path) -> None:
    import torch
    from transformers import AutoModelForSequenceClassification

    scores = CrossEncoder.load(made, device="cpu").scores("how long", ["refund days", "the card", "退 款"])
    model = AutoModelForSequenceClassification.from_pretrained(made).eval()
    pairs = [[2, 8, 9, 3, 4, 7, 3], [2, 8, 9, 3, 11, 6, 3], [2, 8, 9, 3, 12, 13, 3]]  # by hand from the vocabulary
    with torch.inference_mode():
        logits = model(input_ids=torch.tensor(pairs), token_type_ids=torch.tensor([[0, 0, 0, 0, 1, 1, 1]] * 3)).logits
    assert scores == pytest.approx(torch.sigmoid(logits[:, 0]).tolist(), abs=1e-5)
    assert len({round(score, 4) for score in scores}) == 3


def test_texts_of_other_lengths_do_not_change_a_score(made: Path) -> None:
    model = CrossEncoder.load(made, device="cpu")
    [alone] = model.scores("refund", ["card"])
    beside = model.scores("refund", ["card", "the days " * 200, "", "\ud800"])
    assert beside[0] == pytest.approx(alone, abs=1e-5)
    assert all(math.isfinite(score) and 0 <= score <= 1 for score in beside)


def test_one_that_counts_positions_from_behind_the_padding_reads_long_texts(tmp_path: Path) -> None:
    model = CrossEncoder.load(make_cross_encoder(tmp_path / "roberta", kind="xlm-roberta"), device="cpu")
    long, short = model.scores("how long", ["the days " * 200, "card"])
    assert math.isfinite(long)
    assert short == pytest.approx(model.scores("how long", ["card"])[0], abs=1e-5)


def test_a_folder_with_one_label_is_a_reranker(folder: Path) -> None:
    assert inspect(folder)["kind"] == "reranker"


def three_labels(folder: Path) -> None:
    change_config(folder, id2label={"0": "a", "1": "b", "2": "c"})


def unsaid_labels(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config.pop("id2label")
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")


def own_code(folder: Path) -> None:
    change_config(folder, auto_map={"AutoModel": "modeling_own.Own"})


def own_tokenizer_code(folder: Path) -> None:
    (folder / "tokenizer_config.json").write_text('{"auto_map": {"AutoTokenizer": ["own.Own", null]}}')


def pickled(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")


def without_weights(folder: Path) -> None:
    (folder / "model.safetensors").unlink()


def without_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()


def without_head(folder: Path) -> None:
    from safetensors.torch import load_file, save_file

    weights = load_file(folder / "model.safetensors")
    kept = {name: value for name, value in weights.items() if not name.startswith("classifier")}
    save_file(kept, folder / "model.safetensors")


def damaged(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(b"\x00" * 64)


def not_numbers(folder: Path) -> None:
    from safetensors.torch import load_file, save_file

    weights = load_file(folder / "model.safetensors")
    weights["classifier.bias"].fill_(math.nan)
    save_file(weights, folder / "model.safetensors")


def without_padding(folder: Path) -> None:
    shutil.rmtree(folder)
    make_cross_encoder(folder, kind="gpt2")
    change_config(folder, pad_token_id=None)


def broken_config(folder: Path) -> None:
    (folder / "config.json").write_text("{")


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (three_labels, "3 labels"),
        (unsaid_labels, "2 labels"),
        (own_code, "code of its own"),
        (own_tokenizer_code, "code of its own"),
        (pickled, r"pytorch_model.bin, which can run code.*safetensors"),
        (without_weights, "has no weights"),
        (without_tokenizer, "lacks tokenizer.json"),
        (without_head, r"lack 2 weights.*classifier"),
        (damaged, "cannot be loaded as a reranker"),
        (not_numbers, "no numbers"),
        (without_padding, "no padding token"),
        (broken_config, "no JSON"),
    ],
)
def test_a_folder_that_cannot_be_used_is_refused(folder: Path, spoil: Callable[[Path], None], sentence: str) -> None:
    spoil(folder)
    with pytest.raises(UnusableModelError, match=sentence):
        inspect(folder)


def test_none_is_chosen_unless_a_card_says_so(tmp_path: Path) -> None:
    assert chosen_reranker(tmp_path) is None
    for name, active in (("a", False), ("b", True)):
        (tmp_path / "reranker" / name).mkdir(parents=True)
        (tmp_path / "reranker" / name / "model.json").write_text(json.dumps({"active": active}))
    assert chosen_reranker(tmp_path) == tmp_path / "reranker" / "b"
