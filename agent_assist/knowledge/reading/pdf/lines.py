"""The lines of a PDF page with their place and size, as pdfium finds them."""

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pypdfium2
import pypdfium2.raw as pdfium

# pdfium's sign for a hyphen at a line's end, which stands for the line feed too.
_HYPHEN = 2
_LINE_ENDS = frozenset({10, 13, _HYPHEN})
# A gap between two words of this many times the font's size parts two cells; justified text stays below.
_CELL_GAP = 0.9
_BLANKS = frozenset({*range(33), 0xA0, 0xAD, 0x3000})
_MARK = re.compile(r"\W|\d{1,2}[.)、]|[（(]?\d{1,2}[)）]")
_BOLD_NAME = re.compile(rb"bold|black|heavy|semibd|-bd", re.IGNORECASE)
_BOLD_WEIGHT = 600


@dataclass(frozen=True, slots=True)
class Cell:
    """A part of a line between wide gaps."""

    text: str
    left: float
    right: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line; lengths in points, `bottom` and `top` from the page's lower edge. `hyphenated`: its
    last word goes on in the next line."""

    text: str
    cells: tuple[Cell, ...]
    page: int
    size: float
    bold: bool
    left: float
    right: float
    bottom: float
    top: float
    hyphenated: bool = False


@dataclass(slots=True)
class _Chars:
    """The characters of one line so far, with their numbers on the page."""

    codes: list[int] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)


def page_lines(page: pypdfium2.PdfTextPage, number: int) -> Iterator[Line]:
    """The lines of one page, in the order of its content; blank ones are left out."""
    chars = _Chars()
    for index in range(page.count_chars()):
        code = pdfium.FPDFText_GetUnicode(page, index)
        if code not in _LINE_ENDS:
            chars.codes.append(code)
            chars.numbers.append(index)
            continue
        yield from _line(page, chars, number, hyphenated=code == _HYPHEN)
        chars = _Chars()
    yield from _line(page, chars, number, hyphenated=False)


def _line(page: pypdfium2.PdfTextPage, chars: _Chars, number: int, *, hyphenated: bool) -> Iterator[Line]:
    inked = [i for i, code in enumerate(chars.codes) if code not in _BLANKS]
    if not inked:
        return
    first, last = chars.numbers[inked[0]], chars.numbers[inked[-1]]
    size = _size(page, chars.numbers[inked[len(inked) // 2]])
    _, bottom, _, top = page.get_charbox(first, loose=True)
    cells = _with_marks(tuple(_cells(page, chars, size)))
    yield Line(
        text=" ".join(cell.text for cell in cells),
        cells=cells,
        page=number,
        size=size,
        bold=_bold(page, first) and _bold(page, last),
        left=cells[0].left,
        right=cells[-1].right,
        bottom=bottom,
        top=top,
        hyphenated=hyphenated,
    )


def _cells(page: pypdfium2.PdfTextPage, chars: _Chars, size: float) -> Iterator[Cell]:
    """The line's characters, parted at wide gaps."""
    begin = 0
    for i, code in enumerate(chars.codes):
        if code == 32 and 0 < i < len(chars.codes) - 1 and _gap(page, chars, i) > _CELL_GAP * max(size, 4.0):
            yield from _cell(page, chars, begin, i)
            begin = i + 1
    yield from _cell(page, chars, begin, len(chars.codes))


def _cell(page: pypdfium2.PdfTextPage, chars: _Chars, begin: int, end: int) -> Iterator[Cell]:
    inked = [i for i in range(begin, end) if chars.codes[i] not in _BLANKS]
    if inked:
        left = page.get_charbox(chars.numbers[inked[0]], loose=True)[0]
        right = page.get_charbox(chars.numbers[inked[-1]], loose=True)[2]
        yield Cell(_text(chars.codes[begin:end]).strip(), float(left), float(right))


def _with_marks(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """A list's mark stands apart from its item, but is no cell of a table."""
    if len(cells) < 2 or not _MARK.fullmatch(cells[0].text):
        return cells
    return (Cell(f"{cells[0].text} {cells[1].text}", cells[0].left, cells[1].right), *cells[2:])


def _gap(page: pypdfium2.PdfTextPage, chars: _Chars, blank: int) -> float:
    before = page.get_charbox(chars.numbers[blank - 1], loose=True)[2]
    after = page.get_charbox(chars.numbers[blank + 1], loose=True)[0]
    return float(after - before)


def _size(page: pypdfium2.PdfTextPage, index: int) -> float:
    """The font's size as it is drawn: some programs write everything at 1 pt and scale it."""
    size = float(pdfium.FPDFText_GetFontSize(page, index))
    _, bottom, _, top = page.get_charbox(index, loose=True)
    height = float(top - bottom)
    return round((size if 0.5 * height <= size <= 1.5 * height else height / 1.15) * 2) / 2


def _bold(page: pypdfium2.PdfTextPage, index: int) -> bool:
    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(page, index, name, 128, ctypes.byref(flags))
    return bool(_BOLD_NAME.search(name.value)) or pdfium.FPDFText_GetFontWeight(page, index) >= _BOLD_WEIGHT


def _text(codes: list[int]) -> str:
    """Some PDFs give characters beyond the basic plane as two halves."""
    text = "".join(map(chr, codes)).replace("\xa0", " ").replace("\xad", "")
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
