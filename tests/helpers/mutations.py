"""Small real files of every kind that is parsed in the child, and damaged copies of them: flips, cuts, splices."""

import io
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path

from docx import Document
from openpyxl import Workbook
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

KINDS = (".pdf", ".docx", ".xlsx", ".html", ".csv")
_ROWS = [["question", "answer", "valid_until"], ["怎么退？", "申请售后。", "2026-12-31"], ["How?", "So.", ""]]


def write_seeds(folder: Path) -> list[Path]:
    """One undamaged file of each kind, which can be read."""
    paths = [folder / f"seed{kind}" for kind in KINDS]
    styles = getSampleStyleSheet()
    words = "Returns are accepted within thirty days of the delivery. " * 4
    SimpleDocTemplate(str(paths[0])).build(
        [Paragraph("Returns", styles["Title"]), Paragraph(words, styles["Normal"]), Table([["a", "b"], ["1", "2"]])]
    )
    document = Document()
    document.add_heading("Returns", 1)
    document.add_paragraph(words)
    document.add_table(rows=2, cols=2).cell(0, 0).text = "a"
    document.save(str(paths[1]))
    book = Workbook()
    for row in _ROWS:
        book.active.append(row)
    book.save(paths[2])
    paths[3].write_text(
        f"<html><body><h1>Returns</h1><p>{words}</p><table><tr><th>a<th>b<tr><td>1<td>2</table><h2>How?</h2><p>So."
        "<ul><li>one<li>two</ul><a href='https://a.b/c'>more</a></body></html>",
        encoding="utf-8",
    )
    paths[4].write_text("\n".join(",".join(row) for row in _ROWS), encoding="utf-8")
    return paths


def damaged(seed: bytes, kind: str, chance: random.Random) -> bytes:
    """A damaged copy of `seed`. Half of the archives are damaged inside and packed whole again, so that the damage
    reaches the parser behind the unpacking."""
    if kind in {".docx", ".xlsx"} and chance.random() < 0.5:
        return _damaged_inside(seed, chance)
    data = bytearray(seed)
    for _ in range(chance.choice((1, 1, 3, 30))):
        _damage(data, chance)
    return bytes(data)


def mutants(folder: Path, count: int, *, seed: int) -> Iterator[Path]:
    """`count` damaged files, written one after the other under `folder`; the same ones for the same `seed`."""
    chance = random.Random(seed)
    seeds = {path.suffix: path.read_bytes() for path in write_seeds(folder)}
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        path = folder / f"mutant{number}{kind}"
        path.write_bytes(damaged(seeds[kind], kind, chance))
        yield path
        path.unlink()


def _damage(data: bytearray, chance: random.Random) -> None:
    if not data:
        return
    begin = chance.randrange(len(data))
    length = chance.randrange(1, 1 + min(200, len(data) - begin))
    act = chance.choice(("flip", "flip", "cut", "drop", "copy", "fill", "digits"))
    if act == "flip":
        data[begin] ^= 1 << chance.randrange(8)
    elif act == "cut":
        del data[begin:]
    elif act == "drop":
        del data[begin : begin + length]
    elif act == "copy":
        target = chance.randrange(len(data))
        data[target:target] = data[begin : begin + length] * chance.choice((1, 2, 50))
    elif act == "fill":
        data[begin : begin + length] = bytes([chance.choice((0, 0x20, 0x3C, 0xFF))]) * length
    else:  # lengths and counts that lie
        data[begin : begin + length] = b"99999999999"


def _damaged_inside(seed: bytes, chance: random.Random) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(seed)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        names = source.namelist()
        hit = chance.choice(names)
        for name in names:
            part = bytearray(source.read(name))
            if name == hit:
                _damage(part, chance)
            copy.writestr(name, bytes(part))
    return target.getvalue()
