"""The parts of a Word document that say what its paragraphs are: styles, numbering, link targets."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from posixpath import dirname, join, normpath
from xml.etree.ElementTree import Element, fromstring

from agent_assist.errors import ImportRowError

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(wordprocessingml|officeDocument)/(main|relationships)")
_TRANSITIONAL = rb"http://schemas.openxmlformats.org/\1/2006/\2"
_HEADING = re.compile(r"(?:heading|标题|標題)\s*([1-9])$", re.IGNORECASE)
_TITLES = frozenset({"title", "标题", "標題"})
_NO_NUMBER = "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """`level` is 1 to 6 for a heading, else 0; `number` and `depth` name the list that its paragraphs are items of."""

    level: int = 0
    number: str = ""
    depth: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A document's body and what its parts say. `numbered` holds the lists (number, depth) that count."""

    body: Element
    styles: dict[str, Style]
    numbered: frozenset[tuple[str, int]]
    links: dict[str, str]


def open_package(path: Path) -> Package:
    """Raises ImportRowError where the archive is no Word document, and what parsing raises where it is damaged."""
    with zipfile.ZipFile(path) as archive:
        main = next((target for kind, _, target in _relations(archive, "") if kind == "officeDocument"), "")
        if main not in archive.namelist():
            raise ImportRowError("The file is an archive, but no Word document.")
        body = _part(archive, main).find(f"{W}body")
        if body is None:
            raise ImportRowError("The Word document has no body; it is damaged.")
        relations = list(_relations(archive, main))
        parts = {kind: target for kind, _, target in relations if target in archive.namelist()}
        return Package(
            body=body,
            styles=_styles(_part(archive, parts["styles"])) if "styles" in parts else {},
            numbered=_numbered(_part(archive, parts["numbering"])) if "numbering" in parts else frozenset(),
            links={key: target for kind, key, target in relations if kind == "hyperlink"},
        )


def _part(archive: zipfile.ZipFile, name: str) -> Element:
    return fromstring(_STRICT.sub(_TRANSITIONAL, archive.read(name)))


def _relations(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[str, str, str]]:
    """Kind, id and target of what `part` refers to; an inner target is a name in the archive."""
    name = join(dirname(part), "_rels", part.rpartition("/")[2] + ".rels")
    if name not in archive.namelist():
        return
    for one in fromstring(archive.read(name)):
        target = one.get("Target", "")
        if one.get("TargetMode") != "External":
            target = normpath(join("/", dirname(part), target)).lstrip("/")
        yield one.get("Type", "").rpartition("/")[2], one.get("Id", ""), target


def _styles(part: Element) -> dict[str, Style]:
    """Each style with what it takes from those it is based on."""
    raw = {one.get(f"{W}styleId", ""): one for one in part.iter(f"{W}style")}
    return {key: _style(key, raw) for key in raw}


def _style(key: str, raw: dict[str, Element]) -> Style:
    level, number, depth = 0, "", 0
    seen: set[str] = set()
    while key in raw and key not in seen:
        seen.add(key)
        style = raw[key]
        level = level or _heading_level(style)
        if not number:
            number, depth = numbering(style.find(f"{W}pPr"))
        key = value(style, "basedOn")
    return Style(level=min(level, 6), number=number, depth=depth)


def _heading_level(style: Element) -> int:
    name = value(style, "name").strip()
    if match := _HEADING.fullmatch(name):
        return int(match[1])
    if name.casefold() in _TITLES:
        return 1
    return outline(style.find(f"{W}pPr"))


def outline(properties: Element | None) -> int:
    """Level of a heading by its outline, 0 for body text."""
    level = value(properties, "outlineLvl")
    return int(level) + 1 if level.isdecimal() and int(level) < 6 else 0


def numbering(properties: Element | None) -> tuple[str, int]:
    """Number and depth of the list that a paragraph or style belongs to; "" for none, "0" for none in spite of its
    style."""
    mark = properties.find(f"{W}numPr") if properties is not None else None
    depth = value(mark, "ilvl")
    return value(mark, "numId"), int(depth) if depth.isdecimal() else 0


def value(parent: Element | None, name: str) -> str:
    """The `val` of a child, "" where there is none."""
    child = parent.find(f"{W}{name}") if parent is not None else None
    return child.get(f"{W}val", "") if child is not None else ""


def is_on(parent: Element | None, name: str) -> bool:
    """Whether a property that is on by its mere presence holds."""
    child = parent.find(f"{W}{name}") if parent is not None else None
    return child is not None and child.get(f"{W}val", "true").lower() not in {"0", "false", "off", "none"}


def _numbered(part: Element) -> frozenset[tuple[str, int]]:
    formats = {
        one.get(f"{W}abstractNumId", ""): {
            int(level.get(f"{W}ilvl", "0")): value(level, "numFmt") for level in one.iter(f"{W}lvl")
        }
        for one in part.iter(f"{W}abstractNum")
    }
    return frozenset(
        (number.get(f"{W}numId", ""), depth)
        for number in part.iter(f"{W}num")
        for depth, kind in formats.get(value(number, "abstractNumId"), {}).items()
        if kind not in {"bullet", "none", ""}
    )
