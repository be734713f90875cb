"""The entity head learns, and its numpy twin says what the torch module says."""

from collections.abc import Iterator

import numpy as np
import pytest
import torch

from models.understanding.entities.fit import fit_entities, pad_units, stacked
from models.understanding.entities.head import EntityHead
from models.understanding.entities.tags import tag_units
from models.understanding.entities.units import Units, units_of
from models.understanding.markup import Span
from tests.models.understanding.test_tags import encoded

TRACKS = (("product",), ("color",))
WIDTH = 6


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """Steps this small only wait for each other's threads."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def example(chance: np.random.Generator) -> tuple[str, Units]:
    words = chance.choice(list("红蓝杯灯我的了吗"), size=8)
    text = "".join(words)
    return text, units_of(text, encoded(*((at, at + 1) for at in range(8))))


def test_it_learns_nested_spans_and_the_twins_agree() -> None:
    chance = np.random.default_rng(0)
    pairs = [example(chance) for _ in range(160)]
    units = [one for _, one in pairs]
    vectors = [chance.normal(size=(8, WIDTH)).astype(np.float16) for _ in pairs]  # noise: only the characters tell
    spans = []
    for text, _ in pairs:
        colors = [Span("color", at, at + 1) for at, char in enumerate(text) if char in "红蓝"]
        things = [
            Span("product", at - (at > 0 and text[at - 1] in "红蓝"), at + 1)
            for at, char in enumerate(text)
            if char in "杯灯"
        ]
        spans.append([*things, *colors])
    tags = [tag_units(some, one.spans, TRACKS) for some, one in zip(spans, units, strict=True)]
    nets = fit_entities(vectors, units, tags, np.ones(len(units), np.float32), TRACKS)
    head = EntityHead.of_tensors(stacked(nets), TRACKS)
    batch = pad_units([0, 1], vectors, units, tags, np.ones(2, np.float32))
    with torch.no_grad():
        theirs = np.mean([net(batch.vectors, batch.clues, batch.place, batch.mask).numpy() for net in nets], axis=0)
    for row in range(2):
        assert np.allclose(head.scores(units[row], vectors[row].astype(np.float32)), theirs[row], atol=1e-3)
    right = sum(
        {(f.type, f.start, f.end) for f in head.find(one, vector.astype(np.float32))}
        == {(s.type, s.start, s.end) for s in some}
        for one, vector, some in zip(units, vectors, spans, strict=True)
    )
    assert right > 0.9 * len(units)


def test_no_units_no_entities() -> None:
    net_free = EntityHead(
        tracks=(("a",),),
        clues=np.zeros((8192, 2), np.float32),
        input=np.zeros((7, 3), np.float32),
        input_bias=np.zeros(3, np.float32),
        mixers=np.zeros((1, 9, 3), np.float32),
        mixer_biases=np.zeros((1, 3), np.float32),
        output=np.zeros((3, 3), np.float32),
        output_bias=np.zeros(3, np.float32),
    )
    assert net_free.find(units_of(" \n", encoded()), np.zeros((0, 2), np.float32)) == []
