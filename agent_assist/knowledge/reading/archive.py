"""Whether an Office file (a zip archive of XML) may be unpacked and parsed at all. Nothing is unpacked to find out."""

import zipfile
from pathlib import Path
from xml.parsers import expat

from agent_assist.errors import ImportRowError
from agent_assist.knowledge.reading import limits

_OLE = b"\xd0\xcf\x11\xe0"
_CHUNK = 1 << 16


def check_archive(path: Path, *, main_part: str, measure_depth: bool) -> None:
    """Raises ImportRowError with a sentence where the archive is a bomb, is locked, or lacks `main_part`.

    Archives inside the archive are never opened. With `measure_depth` every part that is XML is parsed for its depth.
    """
    with path.open("rb") as file:
        if file.read(4) == _OLE:
            raise ImportRowError("The file is protected with a password or of an old kind; save it anew without one.")
    try:
        with zipfile.ZipFile(path) as archive:
            _check_sizes(path.stat().st_size, archive.infolist())
            if main_part not in archive.namelist():
                raise ImportRowError("The file is a zip archive, but not of the kind that its name says.")
            for item in archive.infolist():
                if item.filename.lower().endswith((".xml", ".rels", ".vml")):
                    _check_xml(archive, item, measure_depth=measure_depth)
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


def _check_xml(archive: zipfile.ZipFile, item: zipfile.ZipInfo, *, measure_depth: bool) -> None:
    """No part may declare a document type, the home of entities that multiply; Office writes none."""
    checker = _Checker(measure_depth=measure_depth)
    with archive.open(item) as part:
        while not checker.finished and (chunk := part.read(_CHUNK)):
            checker.feed(chunk)


class _Checker:
    """Watches one XML part go by; finished at the first element unless the depth is wanted."""

    def __init__(self, *, measure_depth: bool) -> None:
        self.finished = False
        self._depth = 0
        self._measure = measure_depth
        self._parser = expat.ParserCreate()
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start
        if measure_depth:
            self._parser.EndElementHandler = self._end

    def feed(self, chunk: bytes) -> None:
        try:
            self._parser.Parse(chunk, False)
        except expat.ExpatError:
            self.finished = True  # the parser proper says what is wrong, if it minds

    def _doctype(self, *_: object) -> None:
        raise ImportRowError("The file declares XML entities, as no Office program writes them; it is refused.")

    def _start(self, *_: object) -> None:
        self._depth += 1
        self.finished = not self._measure
        if self._depth > limits.XML_DEPTH:
            raise ImportRowError("The file's parts are nested too deeply to be read.")

    def _end(self, _: str) -> None:
        self._depth -= 1
