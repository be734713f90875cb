"""A models folder with a tiny encoder as people would bring it: a BERT of transformers with a WordPiece tokenizer."""

import string
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel

from models.encoder.layout import TOKENIZER_FILE
from models.encoder.tokens import TextEncoder
from models.training.config import TrainConfig
from models.training.dataset.rows import Row
from models.training.encoders import find_encoder
from models.training.nets.messages import Reading
from models.training.precision import choose_numbers
from models.understanding.markup import Span

LABELS = ("refund", "delivery", "invoice", "greeting")
_WORDS = {
    "refund": ("money back", "refund me", "return my cash", "退款"),
    "delivery": ("where is my parcel", "track shipping", "when does it arrive", "发货"),
    "invoice": ("send the invoice", "tax bill", "company receipt", "发票"),
    "greeting": ("hello there", "good morning", "hi you", "你好"),
}
_HAN = "退款发货票你好请问什么时候到开我要的在了吗"


@pytest.fixture(autouse=True, scope="session")
def one_thread() -> None:
    """Nets this small gain nothing from a second thread, and on a busy machine lose much by waiting for it."""
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def models_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    make_encoder(folder / "encoder" / "tiny")
    return folder


def make_encoder(folder: Path) -> None:
    """2 layers, 128 wide (the blocks of the int8 format are), one vector a character."""
    folder.mkdir(parents=True)
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *string.printable.strip(), *_HAN]
    pieces += [f"##{char}" for char in string.ascii_lowercase + string.digits]
    vocabulary = {piece: number for number, piece in enumerate(dict.fromkeys(pieces))}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.enable_padding(length=64)  # as many published files do
    tokenizer.save(str(folder / TOKENIZER_FILE))
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(vocabulary), hidden_size=128, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=128, max_position_embeddings=512, initializer_range=0.2,
    )  # fmt: skip
    BertModel(config, add_pooling_layer=True).save_pretrained(folder)


@pytest.fixture
def reading(models_dir: Path) -> Reading:
    source = find_encoder(models_dir, "tiny")
    return Reading(
        tokens=TextEncoder(source.folder / TOKENIZER_FILE),
        prefix=source.prefix,
        middle_layer=source.middle_layer,
        numbers=choose_numbers(TrainConfig(precision="fp32"), torch.device("cpu")),
    )


def intent_rows(each: int = 12) -> list[Row]:
    """`each` rows of four labels."""
    return [
        Row(text=f"{_WORDS[label][number % 4]} {number}", labels=(label,)) for label in LABELS for number in range(each)
    ]


def entity_rows(count: int = 40) -> list[Row]:
    """Every row names an order and a colour."""
    rows = []
    for number in range(count):
        colour = ("red", "blue", "green")[number % 3]
        text = f"order no {number + 100} is {colour} please"
        at = text.index(colour)
        rows.append(Row(text=text, spans=(Span("order", 9, 12), Span("colour", at, at + len(colour)))))
    return rows
