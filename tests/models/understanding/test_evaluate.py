"""The shipped heads measured on examples made by hand."""

import numpy as np
import pytest

from models.encoder.layout import TOKENIZER_FILE
from models.encoder.tokens import TextEncoder
from models.encoder.trunk import load_trunk
from models.understanding.choice import choose
from models.understanding.corpus import Example
from models.understanding.fitting.extract import extract
from models.understanding.heads import Heads
from models.understanding.markup import Span
from models.understanding.starter.evaluate import evaluate
from tests.helpers.models import models_dir


def example(row: int, text: str, *intents: str, spans: tuple[Span, ...] = (), sentiment: str = "neutral") -> Example:
    return Example(
        row=row, language="zh", text=text, intents=intents, sentiment=sentiment, urgency="normal", spans=spans
    )


EXAMPLES = [
    example(0, "快递到哪里了", "logistics.track"),
    example(1, "我要退货", "logistics.track"),  # told otherwise, and rightly so
    example(2, "我要退货，快递到哪里了", "return.request", "logistics.track"),
    example(3, "今天天气怎么样"),
    example(4, "黑色的羽绒服什么时候发货", "logistics.delay", spans=(Span("color", 0, 2),)),
    example(5, "不在测的一句", "return.request"),
]


@pytest.mark.models
def test_figures_are_those_of_the_chosen_examples() -> None:
    choice = choose(models_dir())
    heads = Heads.load(choice.heads)
    trunk, tokens = load_trunk(choice.encoder, device="cpu"), TextEncoder(choice.encoder / TOKENIZER_FILE)
    extracted = extract([one.text for one in EXAMPLES], trunk, tokens)
    report = evaluate(heads, EXAMPLES, extracted, np.arange(5))
    scores = heads.score(extracted.sentences[:5], [one.text for one in EXAMPLES[:5]])
    best = scores.intent.argmax(axis=1)
    inside = [0, 1, 2, 4]
    right = [heads.intents[best[row]] in EXAMPLES[row].intents for row in inside]
    assert right[:2] == [True, False]
    assert report.figures["intent accuracy (best intent, in scope)"] == pytest.approx(np.mean(right))
    refused = [not heads.read(scores.row(row)).in_scope for row in inside]
    assert report.figures["in scope and refused"] == pytest.approx(np.mean(refused))
    assert report.figures["out-of-scope AUROC"] == pytest.approx(np.mean(scores.scope[3] > scores.scope[inside]))
    assert report.figures["both intents found where there are two"] in {0.0, 1.0}
    if heads.entity is not None:
        assert {one.label: one.support for one in report.spans}["color"] == 1
