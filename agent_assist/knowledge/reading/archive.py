"""Whether an Office file (a zip archive of XML) may be unpacked and parsed at all. Nothing is unpacked to find out."""

import zipfile
from pathlib import Path
from xml.parsers import expat

from agent_assist.errors import ImportRowError
from agent_assist.knowledge.reading import limits

_OLE = b"\xd0\xcf\x11\xe0"
_CHUNK = 1 << 14
_FIRST_PART = "[Content_Types].xml"


def check_archive(path: Path) -> None:
    """Raises ImportRowError with a sentence where the archive is a bomb, is locked, or is no Office file.

    Archives inside the archive are never opened.
    """
    with path.open("rb") as file:
        if file.read(4) == _OLE:
            raise ImportRowError("The file is protected with a password or of an old kind; save it anew without one.")
    try:
        with zipfile.ZipFile(path) as archive:
            _check_sizes(path.stat().st_size, archive.infolist())
            if _FIRST_PART not in archive.namelist():
                raise ImportRowError("The file is a zip archive, but not of the kind that its name says.")
            for item in archive.infolist():
                if item.filename.lower().endswith((".xml", ".rels", ".vml")):
                    _check_xml(archive, item)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, zipfile.LargeZipFile) as error:
        raise ImportRowError("The file is damaged: it is no whole zip archive.") from error
    except RuntimeError as error:  # zipfile's word for an encrypted entry
        raise ImportRowError("The file is protected with a password; save it anew without one.") from error


def _check_sizes(packed: int, entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > limits.ARCHIVE_ENTRIES:
        raise ImportRowError(f"The file has more than {limits.ARCHIVE_ENTRIES:,} parts.")
    size = sum(item.file_size for item in entries)
    if size > limits.UNPACKED_BYTES:
        most = limits.UNPACKED_BYTES // 1_000_000
        raise ImportRowError(f"The file unpacks to more than {most} MB; split it and try again.")
    if size > limits.RATIO_FROM_BYTES and size > limits.RATIO * packed:
        raise ImportRowError(f"The file unpacks to more than {limits.RATIO} times its size, as no real one does.")


def _check_xml(archive: zipfile.ZipFile, item: zipfile.ZipInfo) -> None:
    """No part may declare a document type, the home of entities that multiply; Office writes none."""
    prolog = _Prolog()
    with archive.open(item) as part:
        while not prolog.finished and (chunk := part.read(_CHUNK)):
            prolog.feed(chunk)


class _Prolog:
    """Watches the beginning of an XML part; finished at the first element, behind which no type can be declared."""

    def __init__(self) -> None:
        self.finished = False
        self._parser = expat.ParserCreate()
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start

    def feed(self, chunk: bytes) -> None:
        try:
            self._parser.Parse(chunk, False)
        except expat.ExpatError:
            self.finished = True  # the parser proper says what is wrong

    def _doctype(self, *_: object) -> None:
        raise ImportRowError("The file declares XML entities, as no Office program writes them; it is refused.")

    def _start(self, *_: object) -> None:
        self.finished = True
        self._parser.StartElementHandler = None
