"""Files are stored with their message, once a content, also on a second import; what is too large is named only."""

import pytest

from agent_assist.domain.attachments import AttachmentFault, AttachmentKind
from agent_assist.errors import InputError, NotFoundError
from agent_assist.storage import attachments as stored
from agent_assist.storage.attachments import AttachmentStore, NewFile, picture_type
from agent_assist.storage.database import Database
from agent_assist.storage.tickets import TicketStore
from tests.helpers.makers import agent, customer, ticket
from tests.helpers.pictures import picture

RED = picture()
FIRST, SECOND = customer("broken"), customer("broken", minute=5)


def file(body: bytes = RED, *, name: str = "cup.png", message: object = FIRST) -> NewFile:
    return NewFile(message=message, name=name, media_type="image/png", read=lambda: body)  # type: ignore[arg-type]


@pytest.fixture
async def store(database: Database, tickets: TicketStore) -> AttachmentStore:
    await tickets.add([ticket("T1", FIRST, agent("Sorry", minute=1), SECOND), ticket("T2", FIRST)])
    return AttachmentStore(database)


async def test_files_stand_with_their_message(store: AttachmentStore, tickets: TicketStore) -> None:
    await store.add("T1", [file(), file(b"%PDF", name="bill.pdf"), file(message=SECOND, name="again.png")])
    found = await store.of("T1")
    assert [(one.message_index, one.name, one.kind, one.size) for one in found] == [
        (0, "cup.png", AttachmentKind.PICTURE, len(RED)),
        (0, "bill.pdf", AttachmentKind.FILE, 4),
        (2, "again.png", AttachmentKind.PICTURE, len(RED)),
    ]
    assert [await store.content(one.id) for one in found] == [RED, b"%PDF", RED]
    assert (await tickets.whole("T1")).attachments == found
    assert await store.of("T2") == ()


async def test_the_same_content_is_stored_once_and_adding_twice_adds_nothing(
    store: AttachmentStore, database: Database
) -> None:
    for _ in range(2):
        for name in ("T1", "T2"):
            await store.add(name, [file()])
    bodies = await database.read(lambda c: c.execute("SELECT count(*) FROM attachment_bodies").fetchone()[0])
    rows = await database.read(lambda c: c.execute("SELECT count(*) FROM attachments").fetchone()[0])
    assert (bodies, rows) == (1, 2)


async def test_what_is_too_large_is_named_with_the_reason(
    store: AttachmentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored, "MOST_BYTES", 10)
    await store.add("T1", [file()])
    [found] = await store.of("T1")
    assert (found.fault, found.size) == (AttachmentFault.TOO_LARGE, len(RED))
    with pytest.raises(InputError, match="ask the customer"):
        await store.content(found.id)


async def test_a_file_that_was_gone_comes_with_the_next_import(store: AttachmentStore) -> None:
    def gone() -> bytes:
        raise FileNotFoundError

    await store.add("T1", [NewFile(message=FIRST, name="cup.png", media_type="image/png", read=gone)])
    assert [one.fault for one in await store.of("T1")] == [AttachmentFault.UNREADABLE]
    await store.add("T1", [file()])
    assert [one.fault for one in await store.of("T1")] == [None]


async def test_a_message_that_is_not_stored_has_no_files(store: AttachmentStore) -> None:
    await store.add("T1", [file(message=customer("never sent"))])
    assert await store.of("T1") == ()
    with pytest.raises(NotFoundError):
        await store.add("T9", [file()])
    with pytest.raises(NotFoundError):
        await store.get(99)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF"])
def test_pictures_are_told_by_their_bytes(kind: str) -> None:
    assert picture_type(picture(kind)) == f"image/{kind.lower()}"
    assert picture_type(b"<svg></svg>") == picture_type(b"MZ\x90") == picture_type(b"") == ""


@pytest.mark.parametrize(("name", "risky"), [("a.exe", True), ("a.PDF.JS", True), ("a.jpg", False), ("b.svg", True)])
async def test_what_runs_when_it_is_opened_is_told(store: AttachmentStore, name: str, risky: bool) -> None:
    await store.add("T1", [file(name=name)])
    assert [one.risky for one in await store.of("T1")] == [risky]
