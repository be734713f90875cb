"""Masking and unmasking whole files, with what was taken out in the profile before anything is written."""

from dataclasses import dataclass
from pathlib import Path

from agent_assist.data.masking import MaskedRows, mask_rows, place_of, unmask_rows
from agent_assist.data.rows_file import read_rows, write_rows
from agent_assist.domain.ids import new_id
from agent_assist.storage.masks import MaskStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmasked:
    """How many rows were written, and how many of them had something put back."""

    rows: int
    restored: int


async def mask_file(source: Path, out: Path, *, masks: MaskStore) -> MaskedRows:
    """Write the rows of `source` to `out` without personal data; the profile keeps what was taken out.

    Where `out` cannot be written, the profile forgets it again. Raises like `read_rows`, `mask_rows`, `write_rows`.
    """
    batch = new_id()
    done = mask_rows(read_rows(source), batch=batch)
    await masks.add(batch, done.taken)
    try:
        write_rows(out, done.rows)
    except BaseException:
        await masks.remove(batch)
        raise
    return done


async def unmask_file(source: Path, out: Path, *, masks: MaskStore) -> Unmasked:
    """Write the rows of `source` to `out` with their personal data put back.

    Raises `NotFoundError` where another profile masked any of them, and like `read_rows`, `unmask_rows`, `write_rows`.
    """
    rows = read_rows(source)
    places = [place for row in rows if (place := place_of(row)) is not None]
    restored = unmask_rows(rows, await masks.get(places))
    write_rows(out, restored)
    return Unmasked(rows=len(rows), restored=len(places))
