"""Rewrites and summaries with the real starter model: limits, grammar, cancel, cache."""

import json
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from agent_assist.domain.tickets import Role
from agent_assist.domain.wording import Rewording, Tone
from agent_assist.engine.protocol import SUMMARY_FIELDS, Draft, GroundingPassage, Rewrite, Summarise, Turn
from models.errors import RefusedError, Stopped, TooSmallError
from models.reply.chat import instructions
from models.reply.grammar import Grammar, summary_grammar
from models.reply.limits import Limits
from models.reply.types import DraftStats
from models.reply.writer import Writer
from tests.helpers.models import models_dir

pytestmark = pytest.mark.models

THREAD = [
    Turn(role=Role.CUSTOMER, text="我的包裹 SF1029384756 三天没有更新了，能查一下吗？"),
    Turn(role=Role.AGENT, text="您好，已经联系快递核实，请您等24小时。"),
    Turn(role=Role.CUSTOMER, text="已经过了一天，还是没有消息，我要退款。"),
]
TEMPLATE = "{% for m in messages %}<start_of_turn>{{ m.role }}\n{{ m.content }}<end_of_turn>\n{% endfor %}"
PASSAGES = [
    GroundingPassage(doc_id=str(i), title=f"规则{i}", text=f"第{i}条：签收后{i}天内可以换货，运费由买家承担。" * 4)
    for i in (7, 8, 9)
]


@pytest.fixture(scope="module")
def writer() -> Iterator[Writer]:
    writer = Writer.load(models_dir(), gpu_layers=0)
    writer._limits = None  # what the mechanics do with any model; the limits have tests of their own
    yield writer
    writer.close()


def never() -> bool:
    return False


def finish(stream: Iterator[str | DraftStats]) -> tuple[str, DraftStats]:
    *pieces, stats = stream
    assert isinstance(stats, DraftStats)
    return "".join(str(piece) for piece in pieces), stats


def rewrite(text: str, manner: Rewording = Rewording.WARM, language: str = "zh", **fields: int) -> Rewrite:
    return Rewrite(id="1", text=text, manner=manner, language=language, **fields)


def draft(**fields: object) -> Draft:
    defaults: dict[str, object] = {"id": "1", "language": "zh", "thread": THREAD, "passages": PASSAGES}
    return Draft(**(defaults | fields))  # type: ignore[arg-type]


def test_a_rewrite_streams_what_it_ends_with(writer: Writer) -> None:
    shown, stats = finish(writer.rewrite(rewrite("您好，您的订单已于11月3日发出，请留意查收。"), should_stop=never))
    assert shown == stats.text
    assert stats.text
    assert stats.answerable is None


def test_a_rewrite_stops_at_once_in_the_prompt_and_between_tokens(writer: Writer) -> None:
    with pytest.raises(Stopped):
        finish(writer.rewrite(rewrite("请您耐心等待。" * 60), should_stop=lambda: True))
    stopped = False
    stream = writer.rewrite(rewrite("请您耐心等待，我们会在24小时内回复您。"), should_stop=lambda: stopped)
    next(stream)
    stopped = True
    with pytest.raises(Stopped):
        list(stream)


def test_a_text_that_does_not_fit_is_refused_not_cut(writer: Writer) -> None:
    with pytest.raises(TooSmallError) as caught:
        finish(writer.rewrite(rewrite("why? " * 4000, language="en"), should_stop=never))
    assert caught.value.tokens > caught.value.limit > 500


def test_measured_limits_are_kept(writer: Writer) -> None:
    limits = Limits(rewrite={"warm": {"zh": 12}}, summary={"zh": 12})
    small = Writer(writer._runtime, version="small", device="cpu", device_reason="", limits=limits)
    assert small.small
    assert not writer.small
    assert finish(small.rewrite(rewrite("请稍等。"), should_stop=never))[1].text
    with pytest.raises(TooSmallError) as caught:
        finish(small.rewrite(rewrite("您好，您的订单已于11月3日发出，请留意查收，谢谢。"), should_stop=never))
    assert caught.value.limit == 12
    with pytest.raises(TooSmallError) as caught:
        finish(small.rewrite(rewrite("请稍等。", Rewording.TRANSLATE, "en"), should_stop=never))
    assert caught.value.limit == 0
    with pytest.raises(TooSmallError):
        finish(small.summarise(Summarise(id="1", thread=THREAD, language="zh"), should_stop=never))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("template", ["", TEMPLATE])
def test_a_summary_is_always_json(writer: Writer, language: str, template: str) -> None:
    """As a chat the starter has no idea what is wanted; the grammar holds all the same."""
    model = Writer(writer._runtime, template=template, version="any", device="cpu", device_reason="")
    shown, stats = finish(model.summarise(Summarise(id="1", thread=THREAD, language=language), should_stop=never))
    assert shown == stats.text
    assert list(json.loads(stats.text)) == list(SUMMARY_FIELDS)


def test_a_summary_cut_short_is_closed_or_refused(writer: Writer) -> None:
    cut = 0
    for room in (1, 4, 8, 16, 24, 48):
        request = Summarise(id="1", thread=THREAD, language="zh", max_tokens=room)
        if room < 8:
            with pytest.raises(RefusedError, match="room"):
                finish(writer.summarise(request, should_stop=never))
            continue
        shown, stats = finish(writer.summarise(request, should_stop=never))
        assert shown == stats.text
        assert list(json.loads(stats.text)) == list(SUMMARY_FIELDS)
        cut += stats.stopped_early
    assert cut


def test_the_grammar_overrules_whatever_the_model_likes(writer: Writer) -> None:
    """Logits in favour of anything but JSON: it is written all the same, by the likeliest tokens that may stand."""
    vocabulary = writer._runtime.vocabulary
    rng = np.random.default_rng(5)
    grammar = Grammar(vocabulary, summary_grammar("en"))
    raw = b""
    for _ in range(2000):
        token = grammar.pick(rng.normal(size=vocabulary.size).astype(np.float32))
        if vocabulary.is_end(token):
            break
        raw += vocabulary.piece(token)
    assert list(json.loads(raw)) == list(SUMMARY_FIELDS)


def test_a_second_candidate_and_another_tone_read_hardly_any_prompt(writer: Writer) -> None:
    first = finish(writer.draft(draft(), should_stop=never))[1]
    second = finish(writer.draft(draft(temperature=0.8, seed=1), should_stop=never))[1]
    assert second.prompt_cached == second.prompt_tokens - 1 == first.prompt_tokens - 1
    warm = finish(writer.draft(draft(tone=Tone.WARM), should_stop=never))[1]
    assert warm.prompt_tokens - warm.prompt_cached < 0.1 * first.prompt_tokens


def test_a_hint_keeps_the_passages(writer: Writer) -> None:
    finish(writer.draft(draft(), should_stop=never))
    hinted = finish(writer.draft(draft(hint="明天发货"), should_stop=never))[1]
    shown = writer.prompt(draft()).text.partition("# Customer")[0]
    assert "# Notes" in shown
    # Where the text is cut, a token or two may be others.
    assert hinted.prompt_cached >= len(writer._runtime.vocabulary.tokenize(shown)) - 2


def test_each_task_has_instructions_of_its_own_and_the_tone_leaves_them() -> None:
    requests = [
        draft(),
        *(rewrite("x", manner, language) for manner in Rewording for language in ("zh", "en")),
        Summarise(id="1", thread=THREAD, language="zh"),
        Summarise(id="1", thread=THREAD, language="en"),
    ]
    told = [instructions(request) for request in requests]
    assert len(set(told)) == len(told)
    assert all("{" not in text for text in told)
    assert instructions(draft(tone=Tone.FORMAL, hint="x")) == told[0]


def test_stats_of_a_rewrite_are_those_of_a_draft(writer: Writer) -> None:
    request = rewrite("请稍等。")
    first = finish(writer.rewrite(request, should_stop=never))[1]
    again = finish(writer.rewrite(request, should_stop=never))[1]
    assert again.prompt_hash == first.prompt_hash
    assert replace(again, prompt_cached=0).prompt_tokens == first.prompt_tokens
