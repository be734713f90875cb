"""The grammar of summaries: closing what was cut, and what it lets through."""

import json

import pytest

from agent_assist.engine.protocol import SUMMARY_FIELDS
from models.reply.grammar import FIELD_CHARS, close_summary, summary_grammar

WHOLE = json.dumps(
    {"problem": 'a "new" cup \\ lid', "done": "", "open": "退款 5 元", "next": "ask"}, ensure_ascii=False
)


def test_every_beginning_is_closed_or_refused() -> None:
    """Wherever a text is cut: valid JSON of the four fields that begins like the whole one, or nothing to show."""
    closed = 0
    for end in range(len(WHOLE) + 1):
        rest = close_summary(WHOLE[:end])
        if rest is None:
            assert end <= len('{"problem": "')
            continue
        summary = json.loads(WHOLE[:end] + rest)
        assert list(summary) == list(SUMMARY_FIELDS)
        assert summary["problem"].strip()
        closed += 1
    assert closed == len(WHOLE) - len('{"problem": "')
    assert close_summary(WHOLE) == ""


def test_a_summary_that_says_nothing_is_refused() -> None:
    assert close_summary('{"problem": "", "done": "x') is None
    assert close_summary('{"problem": "  ') is None


@pytest.mark.parametrize("language", ["zh", "en", "fr"])
def test_the_grammar_names_each_field_once(language: str) -> None:
    grammar = summary_grammar(language)
    assert [grammar.count(f'\\"{name}\\":') for name in SUMMARY_FIELDS] == [1, 1, 1, 1]
    assert f"{{0,{FIELD_CHARS.get(language, FIELD_CHARS['en'])}}}" in grammar
