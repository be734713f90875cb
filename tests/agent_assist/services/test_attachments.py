"""From a mail to the ticket: pictures shown through the child, files saved whole, in an encrypted profile, too."""

import stat
import sys
from email.message import EmailMessage
from pathlib import Path

import pytest

from agent_assist.composition import open_app
from agent_assist.domain.attachments import AttachmentKind, Picture, PictureFault
from agent_assist.engine.testing import ScriptedEngine
from agent_assist.errors import InputError, NotFoundError
from tests.helpers.pictures import bomb, picture
from tests.helpers.shop import open_shop

SECRET = picture(size=(61, 43), colour="teal")


def mail(folder: Path, *files: tuple[str, bytes]) -> Path:
    message = EmailMessage()
    message["From"], message["Subject"] = "Ann <ann@example.com>", "Broken"
    message["Date"], message["Message-ID"] = "Mon, 02 Nov 2026 09:30:00 +0000", "<m1@example.com>"
    message.set_content("The cup came broken.")
    for name, body in files:
        message.add_attachment(body, "application", "octet-stream", filename=name)
    path = folder / "mail.eml"
    path.write_bytes(message.as_bytes())
    return path


async def test_a_mails_pictures_are_shown_and_its_files_saved(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, _):
        path = mail(tmp_path, ("cup.png", SECRET), ("bomb.png", bomb(width=50_000, height=50_000)), ("a.exe", b"MZ"))
        report = await app.tickets.import_paths([path])
        assert (report.imported, report.rejected) == (1, ())
        [ticket_id] = report.ids
        cup, bombed, program = await app.attachments.of(ticket_id)
        assert (await app.tickets.open(ticket_id)).attachments == (cup, bombed, program)
        assert [one.kind for one in (cup, bombed, program)] == [
            AttachmentKind.PICTURE,
            AttachmentKind.PICTURE,
            AttachmentKind.FILE,
        ]
        shown = await app.attachments.picture(cup.id, width=30, height=30)
        assert isinstance(shown, Picture)
        assert (shown.full_width, shown.full_height) == (61, 43)
        assert await app.attachments.picture(bombed.id, width=9, height=9) is PictureFault.TOO_MANY_PIXELS
        assert await app.attachments.picture(program.id, width=9, height=9) is PictureFault.BROKEN
        out = tmp_path / "saved"
        await app.attachments.save(program.id, out)
        assert out.read_bytes() == b"MZ"
        if sys.platform != "win32":
            assert not stat.S_IMODE(out.stat().st_mode) & 0o111
        for place in (tmp_path, tmp_path / "nowhere" / "x"):
            with pytest.raises(InputError):
                await app.attachments.save(program.id, place)
        with pytest.raises(NotFoundError):
            await app.attachments.save(99, out)
        again = await app.tickets.import_paths([path])
        assert (again.duplicates, await app.attachments.of(ticket_id)) == (1, (cup, bombed, program))


async def test_a_second_import_completes_what_a_kill_interrupted(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as (app, _):
        path = mail(tmp_path)
        [ticket_id] = (await app.tickets.import_paths([path])).ids
        mail(tmp_path, ("cup.png", SECRET))
        assert (await app.tickets.import_paths([path])).duplicates == 1
        assert [one.name for one in await app.attachments.of(ticket_id)] == ["cup.png"]


async def test_pictures_lie_encrypted(tmp_path: Path) -> None:
    app = await open_app(tmp_path / "profile", passphrase="horse battery", engine=ScriptedEngine())
    try:
        [ticket_id] = (await app.tickets.import_paths([mail(tmp_path, ("cup.png", SECRET))])).ids
        [cup] = await app.attachments.of(ticket_id)
        assert isinstance(await app.attachments.picture(cup.id, width=9, height=9), Picture)
    finally:
        await app.close()
    for stored in (tmp_path / "profile").rglob("*"):
        if stored.is_file():
            body = stored.read_bytes()
            assert SECRET not in body
            assert b"cup.png" not in body
