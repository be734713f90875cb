"""Thumbnails are loaded when they are looked at, once; one picture is large at a time."""

from pathlib import Path

import pytest

from agent_assist.domain.attachments import Attachment, AttachmentFault, AttachmentKind, Picture, PictureFault
from tests.ui.doubles import ServicesDouble
from tests.ui.doubles.around import attachment
from ui.attachments import presenter as presenter_module
from ui.attachments.presenter import LARGE, THUMBNAIL, AttachmentPresenter
from ui.tasks import Tasks

REFUND, PARCEL = "TK-1009", "TK-1011"
FIRST, SECOND = attachment(1), attachment(2)
FILE = attachment(3, name="bill.pdf", kind=AttachmentKind.FILE)
GONE = attachment(4, fault=AttachmentFault.TOO_LARGE)


class Files:
    def __init__(self) -> None:
        self.services = ServicesDouble()
        self.services.shelf.attachments[REFUND] = (FIRST, FILE, SECOND, GONE)
        self.errors: list[Exception] = []
        self.tasks = Tasks(self.errors.append)
        self.saved: list[tuple[Attachment, Path]] = []
        self.presenter = AttachmentPresenter(
            self.services.attachments, self.tasks.scope(), saved=lambda one, path: self.saved.append((one, path))
        )


@pytest.fixture
async def files() -> Files:
    made = Files()
    made.presenter.show(await made.services.tickets.open(REFUND))
    return made


async def test_a_thumbnail_is_loaded_once(files: Files) -> None:
    assert files.presenter.thumbnail(FIRST) is None
    assert files.presenter.thumbnail(FIRST) is None
    await files.tasks.idle()
    assert isinstance(files.presenter.thumbnail(FIRST), Picture)
    assert files.services.attachments.asked == [(FIRST.id, THUMBNAIL[0])]


async def test_a_tickets_own_thumbnails_are_never_forgotten(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presenter_module, "MOST_THUMBNAILS", 1)
    for one in (FIRST, SECOND):
        files.presenter.thumbnail(one)
    await files.tasks.idle()
    assert all(files.presenter.thumbnail(one) for one in (FIRST, SECOND))
    files.presenter.show(await files.services.tickets.open(REFUND))
    assert all(files.presenter.thumbnail(one) for one in (FIRST, SECOND))
    files.presenter.show(await files.services.tickets.open(PARCEL))
    assert [files.presenter.thumbnail(one) is None for one in (FIRST, SECOND)] == [True, False]
    await files.tasks.idle()


async def test_the_light_box_goes_through_pictures_only(files: Files) -> None:
    presenter = files.presenter
    presenter.open(FIRST)
    await files.tasks.idle()
    assert isinstance(presenter.large, Picture)
    presenter.move(-1)
    assert presenter.opened == FIRST
    presenter.move(1)
    assert (presenter.opened, presenter.place, presenter.large) == (SECOND, 1, None)
    presenter.move(1)
    await files.tasks.idle()
    assert presenter.opened == SECOND
    assert files.services.attachments.asked == [(FIRST.id, LARGE[0]), (SECOND.id, LARGE[0])]
    for other in (FILE, GONE):
        presenter.open(other)
        assert presenter.opened == SECOND
    presenter.close()
    assert (presenter.opened, presenter.place) == (None, -1)


async def test_another_ticket_closes_the_light_box(files: Files) -> None:
    files.presenter.open(FIRST)
    files.presenter.show(await files.services.tickets.open(REFUND))
    assert files.presenter.opened == FIRST
    files.presenter.show(await files.services.tickets.open(PARCEL))
    await files.tasks.idle()
    assert files.presenter.opened is None
    assert files.errors == []


async def test_a_picture_that_cannot_be_shown_is_told(files: Files) -> None:
    files.services.attachments.faults[FIRST.id] = PictureFault.TOO_MANY_PIXELS
    files.presenter.open(FIRST)
    files.presenter.thumbnail(FIRST)
    await files.tasks.idle()
    assert files.presenter.large is files.presenter.thumbnail(FIRST) is PictureFault.TOO_MANY_PIXELS


async def test_saving_says_where(files: Files, tmp_path: Path) -> None:
    files.presenter.save(FILE, tmp_path / "bill.pdf")
    await files.tasks.idle()
    assert files.saved == [(FILE, tmp_path / "bill.pdf")]
    assert files.services.attachments.saved == [(FILE.id, tmp_path / "bill.pdf")]
