"""What masking took out comes back from the profile that keeps it, and from no other."""

from pathlib import Path

import pytest

from agent_assist.errors import NotFoundError
from agent_assist.privacy.restoring import TakenOut
from agent_assist.storage.database import Database
from agent_assist.storage.masks import MaskStore

PHONE = TakenOut(pieces={"text": (("[PHONE_1]", "13800138000"), ("[PHONE_1]", "138 0013 8000"))}, digest="d")
WHOLE = TakenOut(whole={"extra.phone": ("[PHONE_1]", 13800138000), "id": ("row-1", "王小明")}, spans=((0, 3, "p"),))


async def test_what_was_taken_out_comes_back_as_it_was(database: Database) -> None:
    masks = MaskStore(database)
    await masks.add("a", [PHONE, WHOLE])
    await masks.add("b", [WHOLE])
    assert await masks.get([("a", 1), ("a", 0), ("a", 0)]) == {("a", 0): PHONE, ("a", 1): WHOLE}
    assert await masks.get([]) == {}


async def test_places_of_another_profile_are_refused(database: Database, tmp_path: Path) -> None:
    other = await Database.open(tmp_path / "other.db")
    await MaskStore(other).add("a", [PHONE])
    await other.close()
    with pytest.raises(NotFoundError, match="another profile"):
        await MaskStore(database).get([("a", 0)])


async def test_a_removed_batch_is_gone_alone(database: Database) -> None:
    masks = MaskStore(database)
    await masks.add("a", [PHONE])
    await masks.add("b", [PHONE])
    await masks.remove("a")
    assert list(await masks.get([("b", 0)])) == [("b", 0)]
    with pytest.raises(NotFoundError):
        await masks.get([("a", 0)])


async def test_an_encrypted_profile_holds_no_number_in_the_clear(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "profile.db", passphrase="key")
    await MaskStore(database).add("a", [PHONE])
    await database.close()
    assert b"13800138000" not in (tmp_path / "profile.db").read_bytes()
