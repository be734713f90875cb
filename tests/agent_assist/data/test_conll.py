"""Tokens and tags become text and spans in characters, and back."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.data.conll import Sentence, join_tokens, read_conll, write_conll
from agent_assist.data.importing import read_labelled
from agent_assist.data.row import Row, Span
from agent_assist.errors import InputError
from agent_assist.files.rows import RejectedRow


def read(folder: Path, content: str) -> list[Sentence | RejectedRow]:
    path = folder / "a.conll"
    path.write_text(content, encoding="utf-8")
    return list(read_conll(path))


def found(one: Sentence | RejectedRow) -> list[tuple[str, str]]:
    assert isinstance(one, Sentence)
    text = one.values["text"]
    return [(span["type"], text[span["start"] : span["end"]]) for span in one.values["spans"]]


def test_chinese_is_joined_without_spaces_and_latin_words_with_them(tmp_path: Path) -> None:
    first = "-DOCSTART- O\n\n买 O\n保 B-product\n温 I-product\n杯 I-product\n\n"
    chinese, english = read(tmp_path, first + "the O\nair B-product\nfryer I-product\n, O\nplease O\n")
    assert isinstance(chinese, Sentence)
    assert isinstance(english, Sentence)
    assert (chinese.values["text"], chinese.line, found(chinese)) == ("买保温杯", 3, [("product", "保温杯")])
    assert (english.values["text"], found(english)) == ("the air fryer, please", [("product", "air fryer")])


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        ("打 1 3 8 i P", "打138iP"),
        ("我 的 iPhone 15 坏 了", "我的iPhone 15坏了"),
        ("costs ( about ) $ 5 !", "costs (about) $5!"),
        ("a", "a"),
    ],
)
def test_tokens_are_joined_as_they_are_written(tokens: str, text: str) -> None:
    assert join_tokens(tokens.split()) == text


@pytest.mark.parametrize(
    ("tags", "spans"),
    [
        ("I-x I-x O", [("x", "a b")]),
        ("B-x B-x I-y", [("x", "a"), ("x", "b"), ("y", "c")]),
        ("B-x E-x S-y", [("x", "a b"), ("y", "c")]),
        ("B-x L-x U-x", [("x", "a b"), ("x", "c")]),
        ("O O B-x", [("x", "c")]),
    ],
)
def test_every_usual_scheme_of_tags(tmp_path: Path, tags: str, spans: list[tuple[str, str]]) -> None:
    lines = (f"{token} POS {tag}" for token, tag in zip("abc", tags.split(), strict=True))
    [one] = read(tmp_path, "\n".join(lines))
    assert found(one) == spans


def test_a_sentence_without_right_tags_is_left_out_alone(tmp_path: Path) -> None:
    bad, good, unknown, off = read(tmp_path, "a\nb O\n\nc O\n\nd X-y\n\n# text = abc\nb O\n")
    assert isinstance(bad, RejectedRow)
    assert (bad.line, "Line 1" in bad.reason) == (1, True)
    assert isinstance(good, Sentence)
    assert isinstance(unknown, RejectedRow)
    assert isinstance(off, RejectedRow)
    assert "not where the text" in off.reason


def test_comments_are_columns(tmp_path: Path) -> None:
    content = "# newdoc\n# id = s1\n# label = refund it\n# turn = 3\n# text = a  b\na\tO\nb\tB-x\n\n#\tO\n"
    path = tmp_path / "a.bio"
    path.write_text(content, encoding="utf-8")
    first, second = read_labelled([path])
    assert isinstance(first, Row)
    assert (first.id, first.labels, first.extra, first.text) == ("s1", ("refund it",), {"turn": "3"}, "a  b")
    assert first.spans == (Span(start=3, end=4, type="x"),)
    assert isinstance(second, Row)
    assert (second.text, second.spans) == ("#", ())


def test_rows_without_spans_or_with_overlaps_cannot_be_written() -> None:
    with pytest.raises(InputError, match="no spans"):
        list(write_conll([Row(id="a", text="a")]))
    overlap = (Span(start=0, end=2, type="x"), Span(start=1, end=3, type="y"))
    with pytest.raises(InputError, match="overlap"):
        list(write_conll([Row(id="a", text="abc", spans=overlap)]))


_texts = st.text(alphabet=st.sampled_from('我买iPhone 15,。"#=\n\té_'), min_size=1, max_size=20).filter(str.strip)


@given(_texts, st.integers(0, 19), st.integers(1, 5))
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, text: str, start: int, size: int
) -> None:
    end = min(start + size, len(text))
    surface = text[start:end]
    spans = (Span(start=start, end=end, type="x"),) if surface and surface == surface.strip() else ()
    row = Row(id="r 1", text=text, labels=("a b", "c"), spans=spans)
    path = tmp_path_factory.mktemp("conll") / "a.conll"
    path.write_text("\n".join(write_conll([row])), encoding="utf-8")
    [again] = read_labelled([path])
    assert isinstance(again, Row), again
    assert (again.id, again.text, again.labels, again.spans) == (row.id, row.text, row.labels, row.spans)
