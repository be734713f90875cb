"""An article as text for people, there and back."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.domain.knowledge import Article, ArticleKind, ArticleStatus
from agent_assist.domain.language import Language
from agent_assist.errors import InputError
from agent_assist.knowledge.article_text import edited, render

ARTICLE = Article(doc_id="a", title="Refund: when?", text="# Refunds\n\n---\nSoon.", language=Language.EN)
LINE = st.text(min_size=1, max_size=20).map(lambda text: " ".join(text.split())).filter(bool)


@given(title=LINE, variants=st.lists(LINE, unique=True), text=LINE, until=st.datetimes(timezones=st.just(UTC)))
def test_what_is_rendered_is_read_back(title: str, variants: list[str], text: str, until: datetime) -> None:
    article = replace(ARTICLE, title=title, variants=tuple(variants), text=text, valid_until=until)
    assert edited(ARTICLE, render(article)) == replace(article, text=f"{text}\n")


def test_only_named_fields_change() -> None:
    text = "---\nstatus: Draft\ntags:\n- a, b\n- c\nvalid_until: 2026-12-31\n---\nNew."
    changed = edited(replace(ARTICLE, owner="Ann"), text)
    assert (changed.status, changed.tags, changed.owner, changed.text) == (
        ArticleStatus.DRAFT,
        ("a, b", "c"),
        "Ann",
        "New.",
    )
    assert changed.valid_until == datetime(2027, 1, 1).astimezone()  # through the last day
    assert "valid_until: 2026-12-31\n" in render(changed)
    assert edited(ARTICLE, "Just the text.\n---\n").text == "Just the text.\n---\n"
    assert edited(changed, "---\nvalid_until:\ntags:\n---\n").valid_until is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("---\nkind: poem\n---\nx", "choose one of article, faq, macro"),
        ("---\ncolour: red\n---\nx", "names no field"),
        ("---\nno colon\n---\nx", "names no field"),
        ("---\nvalid_from: soon\n---\nx", "write it as 2026-12-31"),
        ("---\ntitle: x", "not ended"),
    ],
)
def test_what_is_not_understood_is_said(text: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        edited(ARTICLE, text)
    assert ARTICLE.kind is ArticleKind.ARTICLE
