"""Rows lose their personal data, and get it back to the character in the profile that took it."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.data.mask_files import mask_file, unmask_file
from agent_assist.data.masking import mask_rows, place_of, unmask_rows
from agent_assist.data.row import Row, Span
from agent_assist.data.rows_file import read_rows
from agent_assist.errors import InputError, NotFoundError, StorageFaultError
from agent_assist.storage.database import Database
from agent_assist.storage.masks import MaskStore

BATCH = "01890000-0000-7000-8000-000000000000"


def masked(**fields: Any) -> Row:
    return mask_rows([Row(**({"id": "r"} | fields))], batch=BATCH).rows[0]


def back(rows: list[Row]) -> list[Row]:
    done = mask_rows(rows, batch=BATCH)
    return unmask_rows(done.rows, {(BATCH, number): one for number, one in enumerate(done.taken)})


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("电话13800138000", "电话[PHONE_1]"),
        ("a@b.com 或 +1 415-555-2671", "[EMAIL_1] 或 [PHONE_1]"),
        ("身份证11010519491231002X", "身份证[ID_1]"),
        ("卡号 4111 1111 1111 1111", "卡号 [CARD_1]"),
        ("收货人：陈小红 13800138000 广东省深圳市南山区科技园", "收货人：[PERSON_1] [PHONE_1] [ADDRESS_1]"),
        ("[PHONE_1] 是 13800138000", "[PHONE_1] 是 [PHONE_2]"),
        ("2026-11-03 买了2件", "2026-11-03 买了2件"),
    ],
)
def test_personal_data_goes(text: str, plain: str) -> None:
    row = masked(text=text)
    assert row.text == plain
    assert bool(row.masked) == (plain != text)


def test_all_of_a_row_is_masked_with_the_same_placeholders() -> None:
    row = masked(
        text="王小明要改电话13800138000",
        before="我是+86 138 0013 8000",
        id="13800138000",
        conversation="a@b.com",
        extra={
            "客户": "王小明",
            "phone": 13800138000,
            "notes": [{"said": "王小明 a@b.com"}, 7, None, True],
            "amount": 12.5,
        },
    )
    assert (row.text, row.before) == ("[PERSON_1]要改电话[PHONE_1]", "我是[PHONE_1]")
    assert row.extra == {
        "客户": "[PERSON_1]",
        "phone": "[PHONE_1]",
        "notes": [{"said": "[PERSON_1] [EMAIL_1]"}, 7, None, True],
        "amount": 12.5,
    }
    assert "138" not in row.id
    assert "@" not in row.conversation


def test_ids_that_are_plain_numbers_stay_and_conversations_stay_apart() -> None:
    rows = [
        Row(id="20231102", text="a", conversation="13800138000"),
        Row(id="2", text="b", conversation="13800138000"),
        Row(id="3", text="c", conversation="13912345678"),
    ]
    first, second, third = mask_rows(rows, batch=BATCH).rows
    assert first.id == "20231102"
    assert first.conversation == second.conversation != third.conversation
    assert back(rows) == rows


def test_entities_of_people_are_masked_and_carried_along() -> None:
    text = "让雷打13800138000修风扇"
    spans = (Span(start=1, end=2, type="PER"), Span(start=3, end=14, type="phone"), Span(start=15, end=17, type="item"))
    row = masked(text=text, spans=spans)
    assert row.text == "让[PERSON_1]打[PHONE_1]修风扇"
    assert [row.text[one.start : one.end] for one in row.spans or ()] == ["[PERSON_1]", "[PHONE_1]", "风扇"]


def test_spans_that_share_a_placeholder_come_back_as_they_were() -> None:
    text = "寄到浙江省杭州市西湖区文三路100号"
    spans = (
        Span(start=2, end=5, type="PROVINCE"),
        Span(start=5, end=8, type="CITY"),
        Span(start=8, end=18, type="ROAD"),
    )
    rows = [Row(id="r", text=text, spans=spans)]
    assert mask_rows(rows, batch=BATCH).rows[0].text == "寄到[ADDRESS_1]"
    assert back(rows) == rows


def test_rows_edited_after_masking_get_back_what_is_known() -> None:
    row = Row(
        id="r", text="打13800138000给王小明", extra={"name": "王小明"}, spans=(Span(start=1, end=12, type="phone"),)
    )
    done = mask_rows([row], batch=BATCH)
    edited = Row(
        id="r", text="好的 " + done.rows[0].text, labels=("a",), masked=done.rows[0].masked, extra={"name": "匿名"}
    )
    [restored] = unmask_rows([edited], {(BATCH, 0): done.taken[0]})
    assert restored == Row(id="r", text="好的 打13800138000给王小明", labels=("a",), extra={"name": "匿名"})


def test_masking_twice_and_unmasking_nothing_are_refused() -> None:
    row = masked(text="13800138000")
    with pytest.raises(InputError, match="masked already"):
        mask_rows([row], batch=BATCH)
    with pytest.raises(InputError, match="No row is masked"):
        unmask_rows([Row(id="r", text="a")], {})
    assert place_of(row) == (BATCH, 0)
    assert place_of(Row(id="r", text="a")) is None


_PARTS = ["风扇", "13800138000", "+86 138 0013 8000", "a@b.com ", "我叫王小明，", " ", "[PHONE_1]", "文三路100号"]
_text = st.lists(st.sampled_from(_PARTS), min_size=1, max_size=8).map("".join)


@given(_text, _text, st.integers(0, 40), st.integers(1, 20), st.sampled_from(["product", "phone", "person"]))
def test_masking_is_reversible(text: str, other: str, start: int, size: int, kind: str) -> None:
    end = min(start + size, len(text))
    spans = (Span(start=start, end=end, type=kind),) if start < end else ()
    row = Row(id="13800138000", text=text, before=other, spans=spans, extra={"name": other, "x": [other, {"y": text}]})
    done = mask_rows([row], batch=BATCH)
    restored = unmask_rows(done.rows, {(BATCH, 0): done.taken[0]})
    assert restored == [row]
    assert "13800138000" not in repr(done.rows)


@pytest.fixture
async def masks(tmp_path: Path) -> AsyncIterator[MaskStore]:
    database = await Database.open(tmp_path / "profile.db")
    yield MaskStore(database)
    await database.close()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    rows = [{"id": "1", "text": "打13800138000", "label": "a"}, {"id": "2", "text": "你好", "label": "b"}]
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


async def test_files_are_masked_and_unmasked_by_the_same_profile(
    tmp_path: Path, source: Path, masks: MaskStore
) -> None:
    hidden, shown = tmp_path / "hidden.jsonl", tmp_path / "shown.jsonl"
    done = await mask_file(source, hidden, masks=masks)
    assert done.found == {"PHONE": 1}
    assert "138" not in hidden.read_text(encoding="utf-8").replace(BATCH, "")
    assert [bool(row.masked) for row in read_rows(hidden)] == [True, False]
    restored = await unmask_file(hidden, shown, masks=masks)
    assert (restored.rows, restored.restored) == (2, 1)
    assert read_rows(shown) == read_rows(source)


async def test_another_profile_refuses(tmp_path: Path, source: Path, masks: MaskStore) -> None:
    hidden, shown = tmp_path / "hidden.jsonl", tmp_path / "shown.jsonl"
    await mask_file(source, hidden, masks=masks)
    other = await Database.open(tmp_path / "other.db")
    with pytest.raises(NotFoundError, match="another profile"):
        await unmask_file(hidden, shown, masks=MaskStore(other))
    await other.close()
    assert not shown.exists()


async def test_a_failed_write_leaves_nothing_in_the_profile(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    database = await Database.open(tmp_path / "profile.db")
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(StorageFaultError):
        await mask_file(source, tmp_path / "hidden.jsonl", masks=MaskStore(database))
    assert await database.read(lambda one: one.execute("SELECT count(*) FROM masks").fetchone()[0]) == 0
    await database.close()
    assert not (tmp_path / "hidden.jsonl").exists()
