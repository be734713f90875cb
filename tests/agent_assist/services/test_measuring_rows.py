"""Rows to measure on: read whole or not at all."""

import json
from pathlib import Path

import pytest

from agent_assist.errors import InputError
from agent_assist.services.measuring_rows import document_records, labelled_records, query_records, read_label_map


def write(path: Path, *lines: object) -> Path:
    text = "".join((line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)) + "\n" for line in lines)
    path.write_text(text, encoding="utf-8")
    return path


def test_labelled_rows_of_any_kind_of_file(tmp_path: Path) -> None:
    jsonl = write(tmp_path / "a.jsonl", {"text": "hi", "label": "GREET"}, {"text": "?", "label": "out of scope"})
    csv = write(tmp_path / "b.csv", "文本,意图", "你好,问候")
    conll = write(tmp_path / "c.conll", "red\tB-color", "hat\tB-product")
    assert [row["label"] for row in labelled_records(jsonl)] == ["GREET", "OOS"]
    assert labelled_records(csv)[0]["label"] == "问候"
    assert labelled_records(conll)[0]["spans"][0] == {"start": 0, "end": 3, "type": "color"}


def test_queries_and_documents(tmp_path: Path) -> None:
    queries = write(
        tmp_path / "q.jsonl",
        {"query": "a", "gold": [7]},
        {"query": "b", "gold": []},
        {"query": "c", "positives": ["x"], "candidates": ["x", "y"]},
    )
    corpus = write(tmp_path / "c.jsonl", {"id": 7, "text": "seven"}, {"id": "k", "title": "T", "text": "t"})
    assert [row["gold"] for row in query_records(queries)] == [["7"], [], []]
    assert document_records(corpus) == [{"id": "7", "text": "seven"}, {"id": "k", "text": "T\nt"}]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"text": "a", ', "rows.jsonl:2: The line is not valid JSON"),
        ('{"text": "a", "spans": [{"start": 0, "end": 5, "type": "x"}]}', "rows.jsonl:2: .* not inside the text"),
        ('{"label": "a"}', "rows.jsonl:2: The row has no text"),
    ],
)
def test_one_bad_row_stops_the_measuring(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        labelled_records(write(tmp_path / "rows.jsonl", {"text": "good", "label": "a"}, line))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"query": "a"}, "q.jsonl:1: The query has neither gold ids nor positives"),
        ({"query": " ", "gold": ["a"]}, "q.jsonl:1: The query is empty"),
        ({"query": "a", "positives": ["x"]}, "neither gold ids"),
        ({"query": "a", "gold": "x"}, "q.jsonl:1: The line is not like"),
        ({"text": "a"}, "q.jsonl:1: The line is not like"),
    ],
)
def test_queries_that_cannot_be_used_are_named(tmp_path: Path, line: object, said: str) -> None:
    with pytest.raises(InputError, match=said):
        query_records(write(tmp_path / "q.jsonl", line))


def test_empty_and_missing_files_and_doubled_ids_are_named(tmp_path: Path) -> None:
    empty = write(tmp_path / "empty.jsonl")
    for read in (labelled_records, query_records, document_records):
        for path, said in (
            (empty, "empty"),
            (tmp_path / "nothing.jsonl", "cannot be opened"),
            (write(tmp_path / "b.jsonl", ""), "no rows"),
        ):
            with pytest.raises(InputError, match=said):
                read(path)
    with pytest.raises(InputError, match="id 1 stands in line 1 already"):
        document_records(write(tmp_path / "c.jsonl", {"id": 1, "text": "a"}, {"id": "1", "text": "b"}))


def test_a_map_alone_or_among_others(tmp_path: Path) -> None:
    alone = write(tmp_path / "one.json", {"A": ["a", "b"]})
    among = write(tmp_path / "all.json", {"set": {"A": ["a"]}, "set_two": {"B": ["b"]}})
    assert read_label_map(alone, data=Path("x.jsonl")) == {"A": ["a", "b"]}
    assert read_label_map(among, data=Path("set_two_test.jsonl")) == {"B": ["b"]}
    assert read_label_map(among, data=Path("set_test.jsonl")) == {"A": ["a"]}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"set": {"A": ["a"]}}, "holds maps for set"),
        ({"A": "a"}, "is no map like"),
        ([1], "is no map like"),
        ("{", "is no map like"),
    ],
)
def test_a_map_that_is_none_is_named(tmp_path: Path, content: object, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_label_map(write(tmp_path / "map.json", content), data=Path("other.jsonl"))
    with pytest.raises(InputError, match="cannot be read"):
        read_label_map(tmp_path / "nothing.json", data=Path("other.jsonl"))
