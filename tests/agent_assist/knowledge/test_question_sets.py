"""The questions with and without an answer in the sample shop are whole, balanced and not the articles' own."""

import json
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

from agent_assist.domain.knowledge import Article
from tests.benchmarks.retrieval_sets import sample_shop

FOLDER = Path(__file__).parents[2] / "benchmarks"
CELLS = {(part, language) for part in ("tune", "held") for language in ("zh", "en")}
KINDS = {"near": 60, "order": 10, "chat": 10, "far": 20}


def rows(name: str) -> list[dict[str, Any]]:
    text = (FOLDER / f"{name}_questions.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\n") if line]


def articles() -> dict[str, Article]:
    return {article.doc_id: article for article in sample_shop().articles}


def folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


def test_every_row_is_whole() -> None:
    for row in rows("unanswerable"):
        assert set(row) == {"id", "query", "language", "kind", "part"}, row["id"]
        assert 2 <= len(row["query"]) <= 200, row["id"]
    for row in rows("answerable"):
        assert set(row) - {"cross"} == {"id", "query", "language", "doc_ids", "part"}, row["id"]
        assert 1 <= len(set(row["doc_ids"])) == len(row["doc_ids"]), row["id"]


def test_no_id_and_no_question_is_there_twice() -> None:
    both = rows("unanswerable") + rows("answerable")
    assert len({row["id"] for row in both}) == len({folded(row["query"]) for row in both}) == len(both) == 800


def test_parts_languages_and_kinds_are_balanced() -> None:
    answerable = Counter((row["part"], row["language"]) for row in rows("answerable"))
    assert answerable == dict.fromkeys(CELLS, 100)
    unanswerable = Counter((row["part"], row["language"], row["kind"]) for row in rows("unanswerable"))
    assert unanswerable == {(*cell, kind): count for cell in CELLS for kind, count in KINDS.items()}


def test_every_article_is_asked_for_and_every_named_one_exists() -> None:
    assert {doc_id for row in rows("answerable") for doc_id in row["doc_ids"]} == set(articles())


def test_a_question_is_cross_exactly_when_only_the_other_language_answers() -> None:
    shop = articles()
    crossing = Counter[str]()
    for row in rows("answerable"):
        same = any(shop[doc_id].language == row["language"] for doc_id in row["doc_ids"])
        assert row.get("cross", False) is not same, row["id"]
        crossing[row["part"]] += not same
    assert min(crossing.values()) >= 12


def test_no_question_is_an_articles_own() -> None:
    own = {folded(text) for article in articles().values() for text in (article.question, *article.variants) if text}
    assert [row["id"] for row in rows("unanswerable") + rows("answerable") if folded(row["query"]) in own] == []
