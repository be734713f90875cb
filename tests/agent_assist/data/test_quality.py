"""The figures of the report are those of the rows, and the page holds them safely."""

import json
import random
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from agent_assist.data.label_errors import check_labels
from agent_assist.data.plots import bars, histogram
from agent_assist.data.quality import balance, quality
from agent_assist.data.report import FIGURES, PAGE, write_report
from agent_assist.data.row import Row, Span
from agent_assist.errors import InputError

ENDS = ["急", "谢谢", "在吗", "麻烦了", "请回复", "您好", "亲", "等着呢", "快点", "好吗"]
TOPICS = {
    "refund": ["我要退款", "退款多久到账", "钱什么时候退", "申请退款了没", "退款怎么还没到"],
    "parcel": ["快递到哪了", "物流怎么不动", "包裹还没收到", "什么时候送货", "快递员没联系我"],
}


def corpus() -> list[Row]:
    texts = [(label, f"{text}，{end}") for label, several in TOPICS.items() for text in several for end in ENDS]
    return [Row(id=f"r{number}", text=text, labels=(label,)) for number, (label, text) in enumerate(texts)]


def test_completeness_counts_what_rows_say() -> None:
    rows = [
        Row(id="1", text="a", labels=("x",), spans=(), time=datetime(2026, 11, 2, tzinfo=UTC), extra={"shop": "A"}),
        Row(id="2", text="退款", sentiment="neutral", extra={"shop": None}),
    ]
    found = quality(rows)
    assert {name: count for name, count in found.complete.items() if count} == {
        "label": 1, "spans": 1, "sentiment": 1, "time": 1, "shop": 1,
    }  # fmt: skip
    assert found.languages == {"en": 1, "zh": 1}


@pytest.mark.parametrize(
    ("names", "imbalance", "evenness", "single"),
    [
        ("aabb", 1.0, 1.0, ()),
        ("aaab", 3.0, 0.8113, ("b",)),
        ("aa", None, None, ()),
        ("", None, None, ()),
    ],
)
def test_balance(names: str, imbalance: float | None, evenness: float | None, single: tuple[str, ...]) -> None:
    found = balance(names)
    assert (found.imbalance, found.evenness, found.single) == (imbalance, evenness, single)
    assert sum(found.counts.values()) == len(names)


def test_lengths_and_doubles() -> None:
    texts = ["a" * length for length in range(1, 101)]
    rows = [Row(id=str(number), text=text) for number, text in enumerate([*texts, "A" * 100, "b"])]
    found = quality(rows, near=1.0, label_errors=False)
    assert (found.lengths.least, found.lengths.most, found.lengths.median) == (1, 100, 50.5)
    assert (found.doubles.equal, found.doubles.nearly_equal) == (1, 0)
    assert quality(rows, near=0.9, label_errors=False).doubles.nearly_equal > 50
    assert quality(rows[:1], label_errors=False).lengths.p95 == 1


def test_contradictions_are_told_with_the_rows() -> None:
    product, brand = (Span(start=0, end=2, type=kind) for kind in ("product", "brand"))
    rows = [
        Row(id="1", text="退貨！", labels=("a",), sentiment="happy"),
        Row(id="2", text="退货", labels=("A",), urgency="high"),
        Row(id="3", text="退货", before="风扇坏了", labels=("b",)),
        Row(id="4", text="风扇坏了", spans=(product,)),
        Row(id="5", text="风扇坏了!", spans=(brand, Span(start=1, end=3, type="x"))),
    ]
    found = quality(rows).consistency
    label, spans = found.judged_differently
    assert (label.field, label.values) == ("label", {"a": ("1",), "A": ("2",)})
    assert (spans.field, set(spans.values)) == ("spans", {"product=风扇", "brand=风扇, x=扇坏"})
    assert found.alike_labels == (("A", "a"),)
    assert found.unknown_values == {"sentiment": {"happy": 1}}
    assert found.types_of_surfaces == {"风扇": {"product": 1, "brand": 1}}
    assert found.overlaps == ("5",)


def test_fields_that_tell_about_each_other_are_found() -> None:
    chance = random.Random(0)
    rows = [
        Row(id=f"{number}", text=text, labels=(label,), urgency="high" if label == "a" else "low", extra={"coin": coin})
        for number in range(200)
        for label, text in [chance.choice([("a", "same length"), ("b", "of a length")])]
        for coin in [chance.choice(["heads", "tails"])]
    ]
    found = {(one.first, one.second): one for one in quality(rows, label_errors=False).correlations}
    assert found["label", "urgency"].cramers_v == 1.0
    assert found["label", "coin"].cramers_v < 0.2
    assert found["label", "coin"].rows == 200
    assert not [names for names in found if "length" in names or "source" in names]


def test_wrong_labels_are_suspected() -> None:
    rows = corpus()
    wrong = {"r3": "parcel", "r60": "refund", "r77": "refund"}
    planted = [Row(id=row.id, text=row.text, labels=(wrong.get(row.id, row.labels[0]),)) for row in rows]
    found = check_labels(planted)
    assert {one.id for one in found.suspects} == set(wrong)
    assert all(one.suggested_score > 0.5 > one.given_score for one in found.suspects)
    assert found.agreement == pytest.approx(0.97, abs=0.01)
    assert check_labels(planted) == found


def test_a_wrong_double_does_not_confirm_itself() -> None:
    row = corpus()[3]
    doubles = [Row(id=f"d{number}", text=row.text + "！" * number, labels=("parcel",)) for number in range(3)]
    found = check_labels([one for one in corpus() if one.id != row.id] + doubles)
    assert {one.id for one in found.suspects} == {"d0", "d1", "d2"}


def test_labels_that_cannot_be_checked_are_named() -> None:
    rare = [Row(id=f"x{number}", text=text, labels=("rare",)) for number, text in enumerate(["发票", "发票！", "开票"])]
    assert check_labels([*corpus(), *rare]).left_out == ("rare",)
    alone = check_labels([row for row in corpus() if row.label == "refund"])
    assert (alone.checked, alone.suspects) == (0, ())
    assert "two of them" in alone.skipped


class _Page(HTMLParser):
    """Collects the text, ids and what is loaded from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attributes:
            if name == "id":
                self.ids.append(value or "")
            if name in {"src", "href", "xlink:href"} and not (value or "").startswith("#"):
                self.links.append(value or "")

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_is_whole_safe_and_the_same_each_time(tmp_path: Path) -> None:
    planted = [Row(id="x", text="<script>alert(1)</script> 退款", labels=("parcel $5 <b>",), extra={"渠道": "微信"})]
    planted += [
        Row(id="y", text="<script>alert(1)</script> 退款", labels=("refund",), spans=(Span(start=0, end=1, type="p"),))
    ]
    rows = [*corpus(), *planted]
    found = quality(rows)
    write_report(found, rows, tmp_path / "a", title="行 & rows")
    write_report(found, rows, tmp_path / "b", title="行 & rows")
    content = (tmp_path / "a" / PAGE).read_text(encoding="utf-8")
    assert content == (tmp_path / "b" / PAGE).read_text(encoding="utf-8")
    page = _Page()
    page.feed(content)
    assert "script" not in page.tags
    assert page.tags.count("svg") >= 5
    assert page.links == []
    assert len(page.ids) == len(set(page.ids))
    for told in ("行 & rows", "<script>alert(1)</script> 退款", "parcel $5 <b>", "渠道", "Cramér"):
        assert told in page.text
    assert "prefers-color-scheme: dark" in content
    figures = json.loads((tmp_path / "a" / FIGURES).read_bytes())
    assert figures["rows"] == len(rows)
    assert figures["label_check"]["left_out"] == ["parcel $5 <b>"]


def test_plots_take_their_colours_from_the_page() -> None:
    svg = bars({"退款 $5 & $6": 3, "x" * 90: 1}, name="one") + histogram([5, 5, 7, 900], name="two", label="characters")
    assert "var(--bar)" in svg
    assert not [colour for colour in ("#010203", "#040506", "#070809") if colour in svg]
    assert 'id="one-' in svg
    assert 'id="two-' in svg
    assert "退款 $5 &amp; $6" in svg
    assert "x" * 39 + "…" in svg
    assert bars({}, name="none").startswith("<svg")
    assert histogram([3], name="one", label="").startswith("<svg")


def test_a_place_that_holds_no_folder_is_refused(tmp_path: Path) -> None:
    rows = [Row(id="1", text="a")]
    found = quality(rows)
    (tmp_path / "file").write_text("x")
    for place in (tmp_path / "file", tmp_path / "missing" / "report"):
        with pytest.raises(InputError, match="Name a folder"):
            write_report(found, rows, place, title="")
