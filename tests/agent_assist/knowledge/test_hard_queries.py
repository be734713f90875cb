"""The hard Chinese queries name articles that exist, and their parts and kinds are balanced."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.retrieval_sets import BENCH, sample_shop

QUERIES = Path(__file__).parents[2] / "benchmarks" / "hard_queries_zh.jsonl"
LAWS = BENCH / "kb_zh_consumer_law_articles.jsonl"
KINDS = {"two", "glued", "trad", "typo", "colloq", "negation", "long", "mixed"}
STORES = {"shop", "law"}
PARTS = {"tune", "held"}


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def named(store: str) -> set[str]:
    return {doc_id for row in rows(QUERIES) if row["store"] == store for doc_id in row["doc_ids"]}


def test_every_row_is_whole_and_no_query_is_there_twice() -> None:
    queries = rows(QUERIES)
    assert len({row["id"] for row in queries}) == len({row["query"] for row in queries}) == len(queries) == 300
    for row in queries:
        assert set(row) == {"id", "query", "kind", "store", "doc_ids", "part"}, row["id"]
        assert 1 <= len(set(row["doc_ids"])) == len(row["doc_ids"]) <= 5, row["id"]


def test_long_messages_are_long() -> None:
    lengths = [len(row["query"]) for row in rows(QUERIES) if row["kind"] == "long"]
    assert 60 <= min(lengths) <= max(lengths) <= 200


def test_kinds_are_spread_evenly_over_stores_and_parts() -> None:
    cells = Counter((row["store"], row["part"], row["kind"]) for row in rows(QUERIES))
    assert set(cells) == {(store, part, kind) for store in STORES for part in PARTS for kind in KINDS}
    assert set(cells.values()) <= {9, 10}
    assert Counter(row["part"] for row in rows(QUERIES)) == {"tune": 150, "held": 150}


def test_shop_articles_exist() -> None:
    assert named("shop") <= {article.doc_id for article in sample_shop().articles}


@pytest.mark.skipif(not LAWS.exists(), reason="the law articles are not in the repository")
def test_law_articles_exist() -> None:
    assert named("law") <= {row["id"] for row in rows(LAWS)}
