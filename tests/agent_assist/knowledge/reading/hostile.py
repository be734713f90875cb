"""Small files that would do harm to a careless reader."""

import io
import zipfile
from pathlib import Path

from docx import Document
from openpyxl import Workbook

_LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
BILLION_LAUGHS = f'<!DOCTYPE x [<!ENTITY a0 "ha">{_LAUGHS}]>'


def write_docx(path: Path, text: str = "Words of the document.") -> None:
    """A Word document with one paragraph."""
    document = Document()
    document.add_paragraph(text)
    document.save(str(path))


def write_xlsx(path: Path, answer: str = "answer") -> None:
    """A workbook with one question."""
    book = Workbook()
    book.active.append(["question", "answer"])
    book.active.append(["Why?", answer])
    book.save(path)


def with_part(path: Path, name: str, data: bytes) -> None:
    """Put `data` in the archive `path` as the part `name`."""
    with zipfile.ZipFile(path) as source:
        parts = {one: source.read(one) for one in source.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for one, content in {**parts, name: data}.items():
            target.writestr(one, content)


def part(path: Path, name: str) -> bytes:
    """The part `name` of the archive `path`."""
    with zipfile.ZipFile(path) as archive:
        return archive.read(name)


def with_entities(path: Path, name: str, words: str) -> None:
    """Declare the billion laughs in the XML part `name` and have them where `words` stand."""
    xml = part(path, name).decode("utf-8")
    head, end, body = xml.rpartition("?>")
    with_part(path, name, f"{head}{end}{BILLION_LAUGHS}{body.replace(words, '&a11;')}".encode())


def zip_of_zeros(megabytes: int) -> bytes:
    """An archive of a thousandth of the size that it unpacks to."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("zeros.xml", "w") as entry:
        for _ in range(megabytes):
            entry.write(bytes(1_000_000))
    return target.getvalue()
