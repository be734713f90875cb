"""Acts become training rows: which, in which layout, and never half a file."""

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from agent_assist.domain.feedback import FeedbackEvent, FeedbackKind, RejectReason
from agent_assist.domain.understanding import Entity
from agent_assist.errors import InputError, StorageFaultError
from agent_assist.learning.export import ExportKind, export
from agent_assist.storage.database import Database
from agent_assist.storage.feedback import FeedbackLog
from agent_assist.storage.tickets import TicketStore
from tests.helpers.makers import agent, customer, event, suggestion, ticket, understanding, undo_of

THREAD = (customer("在吗"), agent("在的，请讲"), customer("我是李雷，13800138000，退款多久到账"))


class Desk:
    """A database with a few ways to act on its tickets."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.tickets = TicketStore(database)
        self.log = FeedbackLog(database)
        self.out = folder / "rows.jsonl"

    async def act(self, kind: FeedbackKind, **fields: Any) -> FeedbackEvent:
        act = event(kind, **fields)
        reply = agent(act.final_text) if act.final_text else None
        await self.tickets.record(act, reply=reply)
        return act

    async def rows(self, kind: ExportKind) -> list[Any]:
        count = await export(kind, self.out, log=self.log, tickets=self.tickets)
        rows = [json.loads(line) for line in self.out.read_text(encoding="utf-8").splitlines()]
        assert len(rows) == count
        return rows


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    database = await Database.open(tmp_path / "profile.db")
    desk = Desk(database, tmp_path)
    await desk.tickets.add([ticket("T1", *THREAD), ticket("T2", customer("Where is my parcel?"), customer="Anna Lee")])
    yield desk
    await database.close()


async def test_sft_rows_hold_sources_thread_and_the_sent_reply(desk: Desk) -> None:
    await desk.act(
        FeedbackKind.ACCEPTED, message_index=2, suggestion=suggestion(), final_text="李雷您好，1-3 天到账，13800138000"
    )
    [row] = await desk.rows(ExportKind.SFT)
    system, user, reply = row["messages"]
    assert [turn["role"] for turn in row["messages"]] == ["system", "user", "assistant"]
    assert user["content"] == (
        "# Sources\n[1] 物流: 发货后 3 天内送达。\n\n# Thread\nCustomer: 在吗\nAgent: 在的，请讲\n"
        "Customer: 我是[PERSON_1]，[PHONE_1]，退款多久到账\n\n# Reply in Chinese"
    )
    assert reply["content"] == "[PERSON_1]您好，1-3 天到账，[PHONE_1]"
    assert system["content"]


async def test_sft_takes_every_sent_reply_but_no_rejection(desk: Desk) -> None:
    await desk.act(FeedbackKind.REJECTED, message_index=2, suggestion=suggestion(), reason=RejectReason.OTHER)
    await desk.act(FeedbackKind.EDITED, message_index=2, suggestion=suggestion(), final_text="改过")
    await desk.act(FeedbackKind.WRITTEN, ticket_id="T2", final_text="On its way, Anna.")
    replies = [row["messages"][-1]["content"] for row in await desk.rows(ExportKind.SFT)]
    assert replies == ["改过", "On its way, [PERSON_1]."]
    assert "# Sources\nnone\n" in (await desk.rows(ExportKind.SFT))[1]["messages"][1]["content"]


async def test_preference_pairs_come_from_edits(desk: Desk) -> None:
    await desk.act(FeedbackKind.EDITED, message_index=2, suggestion=suggestion(draft="草稿"), final_text="定稿")
    [row] = await desk.rows(ExportKind.PREFERENCE)
    assert row["chosen"] == [{"role": "assistant", "content": "定稿"}]
    assert row["rejected"] == [{"role": "assistant", "content": "草稿"}]
    assert [turn["role"] for turn in row["prompt"]] == ["system", "user"]


async def test_preference_pairs_come_from_rejections_with_a_reply_on_the_same_version(desk: Desk) -> None:
    await desk.act(FeedbackKind.REJECTED, message_index=2, suggestion=suggestion(draft="第一稿"))
    await desk.act(FeedbackKind.REJECTED, message_index=2, suggestion=suggestion(draft="第二稿"))
    await desk.act(FeedbackKind.WRITTEN, message_index=2, final_text="自己写的")
    await desk.act(FeedbackKind.REJECTED, ticket_id="T2", suggestion=suggestion("T2", draft="stale"))
    await desk.act(FeedbackKind.WRITTEN, ticket_id="T2", ticket_version=2, final_text="later")
    rows = await desk.rows(ExportKind.PREFERENCE)
    assert [row["rejected"][0]["content"] for row in rows] == ["第一稿", "第二稿"]
    assert {row["chosen"][0]["content"] for row in rows} == {"自己写的"}


@pytest.mark.parametrize("kind", [ExportKind.SFT, ExportKind.PREFERENCE])
async def test_undone_acts_teach_nothing(desk: Desk, kind: ExportKind) -> None:
    edited = await desk.act(FeedbackKind.EDITED, message_index=2, suggestion=suggestion(), final_text="定稿")
    await desk.tickets.undo(undo_of(edited))
    assert await desk.rows(kind) == []
    assert desk.out.read_bytes() == b""


async def test_intent_rows_are_the_last_word_on_each_message(desk: Desk) -> None:
    await desk.act(FeedbackKind.INTENTS_CORRECTED, message_index=2, intents=("chat.thanks",))
    await desk.act(FeedbackKind.INTENTS_CORRECTED, message_index=2, intents=("refund.status", "human.request"))
    await desk.act(FeedbackKind.INTENTS_CORRECTED, ticket_id="T2", intents=())
    assert await desk.rows(ExportKind.INTENT) == [
        {"text": "我是[PERSON_1]，[PHONE_1]，退款多久到账", "label": "refund.status"},
        {"text": "我是[PERSON_1]，[PHONE_1]，退款多久到账", "label": "human.request"},
        {"text": "Where is my parcel?", "label": "OOS"},
    ]


async def test_entity_spans_fit_the_masked_text(desk: Desk) -> None:
    text = THREAD[2].text
    phone = Entity(type="phone", start=text.index("138"), end=text.index("138") + 11, text="13800138000")
    product = Entity(type="product", start=text.index("退款"), end=text.index("退款") + 2, text="退款")
    await desk.act(FeedbackKind.ENTITIES_CORRECTED, message_index=2, entities=(product, phone))
    await desk.act(FeedbackKind.ENTITIES_CORRECTED, ticket_id="T2", entities=())
    first, second = await desk.rows(ExportKind.ENTITIES)
    found = [(span["type"], first["text"][span["start"] : span["end"]]) for span in first["spans"]]
    assert found == [("phone", "[PHONE_1]"), ("product", "退款")]
    assert second == {"text": "Where is my parcel?", "spans": []}


async def test_what_models_found_personal_is_masked_in_every_text(desk: Desk) -> None:
    place = Entity(type="address", start=9, end=15, text="parcel")
    read = understanding(entities=[Entity(type="address", start=12, end=18, text="parcel")])
    await desk.tickets.save_understanding("T2", ticket_version=1, message_index=0, understanding=read, vector=b"")
    await desk.act(FeedbackKind.WRITTEN, ticket_id="T2", final_text=f"Your {place.text} left.")
    [row] = await desk.rows(ExportKind.SFT)
    assert row["messages"][-1]["content"] == "Your [ADDRESS_1] left."
    assert "parcel" not in json.dumps(row["messages"][1:])


async def test_a_failed_export_leaves_the_old_file(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.out.write_text("old", encoding="utf-8")
    await desk.act(FeedbackKind.WRITTEN, message_index=2, final_text="x")

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(StorageFaultError, match="No space"):
        await export(ExportKind.SFT, desk.out, log=desk.log, tickets=desk.tickets)
    assert desk.out.read_text(encoding="utf-8") == "old"
    assert sorted(path.name for path in desk.out.parent.glob("rows*")) == ["rows.jsonl"]


@pytest.mark.parametrize("place", [lambda folder: folder, lambda folder: folder / "missing" / "rows.jsonl"])
async def test_a_place_that_holds_no_file_is_refused(desk: Desk, place: Callable[[Path], Path]) -> None:
    with pytest.raises(InputError, match="Name a file"):
        await export(ExportKind.SFT, place(desk.out.parent), log=desk.log, tickets=desk.tickets)
