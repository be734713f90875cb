"""A profile is a folder that opens, closes, and backs itself up."""

from pathlib import Path

import pytest

from agent_assist.errors import InputError, StorageFaultError
from agent_assist.storage.database import Database
from agent_assist.storage.profile import Profile, default_directory
from agent_assist.storage.tickets import TicketStore
from tests.helpers.makers import ticket


async def test_a_profile_is_made_and_opened_again(tmp_path: Path) -> None:
    profile = await Profile.open(tmp_path / "new" / "profile")
    await TicketStore(profile.database).add([ticket()])
    profile.settings.set("ui.language", "zh")
    await profile.close()
    assert sorted(path.name for path in profile.directory.iterdir()) == [
        "backups",
        "log",
        "models",
        "profile.db",
        "settings.toml",
    ]
    again = await Profile.open(profile.directory)
    assert await TicketStore(again.database).get("T1") == ticket()
    assert again.settings.ui.language == "zh"
    await again.close()


async def test_a_backup_is_a_profile_database_of_its_own(tmp_path: Path) -> None:
    profile = await Profile.open(tmp_path, passphrase="秘密 'key'")
    await TicketStore(profile.database).add([ticket()])
    copy = await profile.backup()
    await profile.close()
    assert copy.parent == tmp_path / "backups"
    opened = await Database.open(copy, passphrase="秘密 'key'")
    assert await TicketStore(opened).get("T1") == ticket()
    await opened.close()


async def test_a_bad_settings_file_stops_before_the_database(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("[ui", encoding="utf-8")
    with pytest.raises(InputError, match=r"settings\.toml"):
        await Profile.open(tmp_path)
    assert not (tmp_path / "profile.db").exists()


async def test_a_folder_that_cannot_be_made_is_the_environments_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StorageFaultError):
        await Profile.open(tmp_path / "file" / "profile")


def test_the_default_place_is_the_programs_own() -> None:
    assert default_directory().name == "agent-assist"
