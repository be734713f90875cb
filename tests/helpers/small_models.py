"""A models folder with the built encoder and small heads of its own: a dozen intents of the corpus, a replay memory."""

import hashlib
import json
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from models.encoder.layout import TOKENIZER_FILE
from models.encoder.tokens import TextEncoder
from models.encoder.trunk import load_trunk
from models.understanding.choice import STARTER_ENCODER
from models.understanding.corpus import Example, load_corpus
from models.understanding.fitting.extract import extract
from models.understanding.heads import CARD_FILE, WEIGHTS_FILE, Heads
from models.understanding.learning.replay import select_replay, write
from tests.helpers.models import models_dir
from tests.helpers.toy_heads import fit_heads

CORPUS = Path(__file__).parents[2] / "resources" / "corpora" / "understanding"
INTENTS = (
    "logistics.track",
    "logistics.delay",
    "order.cancel",
    "refund.status",
    "return.request",
    "invoice.request",
    "human.request",
    "chat.thanks",
)
_ROWS = 24


def make_small_models(folder: Path) -> Path:
    """Returns `folder`; some seconds of encoding."""
    encoder = folder / "encoder" / STARTER_ENCODER
    encoder.parent.mkdir(parents=True)
    encoder.symlink_to(models_dir() / "encoder" / STARTER_ENCODER)
    examples = _examples()
    trunk, tokens = load_trunk(encoder, device="cpu"), TextEncoder(encoder / TOKENIZER_FILE)
    features = extract([one.text for one in examples], trunk, tokens, with_units=False).sentences
    heads = folder / "heads" / "small"
    heads.mkdir(parents=True)
    _save(heads, fit_heads(examples, features, INTENTS))
    write(heads, select_replay(examples, features, per_intent=_ROWS))
    return folder


def _examples() -> list[Example]:
    found: dict[tuple[str, str], list[Example]] = {}
    for one in load_corpus(CORPUS, expansions=1):
        if not one.intents or (len(one.intents) == 1 and one.intents[0] in INTENTS):
            group = found.setdefault((one.language, *one.intents[:1]) if one.intents else (one.language, ""), [])
            if len(group) < _ROWS and (not group or group[-1].row != one.row):
                group.append(one)
    return [one for group in found.values() for one in group]


def _save(folder: Path, heads: Heads) -> None:
    tensors = {
        f"{name}.{part}": np.ascontiguousarray(getattr(head, part))
        for name, head in heads.sentence.items()
        for part in ("dense", "lexical", "bias")
    }
    tensors |= {"thresholds": heads.thresholds, "scope_mix": heads.scope_mix, "rarity": heads.rarity}
    save_file(tensors, folder / WEIGHTS_FILE)
    card = {
        "name": "small",
        "kind": "heads",
        "version": heads.version,
        "encoder": STARTER_ENCODER,
        "active": True,
        "intents": list(heads.intents),
        "scope_threshold": heads.scope_threshold,
        "files": {WEIGHTS_FILE: hashlib.sha256((folder / WEIGHTS_FILE).read_bytes()).hexdigest()},
    }
    (folder / CARD_FILE).write_text(json.dumps(card), encoding="utf-8")
