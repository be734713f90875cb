"""Word documents as Markdown, by way of HTML.

mammoth (BSD, pure Python) knows what Word's styles, numbering, footnotes and tracked changes mean; python-docx gives
paragraphs as they are stored, loses what stands in tracked insertions, and leaves all of that to us.
"""

import io
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import mammoth

from agent_assist.errors import ImportRowError
from agent_assist.knowledge.reading.archive import check_archive
from agent_assist.knowledge.reading.html import Page, read_html

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STYLES = "\n".join(
    [
        "p[style-name='Title'] => h1:fresh",
        "p[style-name='标题'] => h1:fresh",
        "p[style-name='Subtitle'] => p:fresh",
        *(f"p[style-name='标题 {level}'] => h{level}:fresh" for level in range(1, 7)),
    ]
)


def read_docx(path: Path) -> Page:
    """Raises ImportRowError for a file that is no Word document or would blow up."""
    check_archive(path, main_part="[Content_Types].xml", measure_depth=True)
    try:
        converted = mammoth.convert_to_html(
            io.BytesIO(_without_hidden(path)),
            style_map=_STYLES,
            convert_image=lambda image: [],
            external_file_access=False,
        )
    except (KeyError, OSError) as error:
        raise ImportRowError("The file is no Word document, or is damaged; save it anew and try again.") from error
    return read_html(converted.value)


def _without_hidden(path: Path) -> bytes:
    """The document without its hidden text, which mammoth would show, and without its pictures."""
    copy = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(copy, "w") as target:
        for item in source.infolist():
            name = item.filename.lower()
            if name.endswith((".xml", ".rels")):
                data = source.read(item)
                target.writestr(item.filename, _shown(data) if b"vanish" in data and name.startswith("word/") else data)
    return copy.getvalue()


def _shown(part: bytes) -> bytes:
    tree = ElementTree.fromstring(part)
    for parent in tree.iter():
        for run in [run for run in parent if run.tag == f"{_WORD}r" and _is_hidden(run)]:
            parent.remove(run)
    return bytes(ElementTree.tostring(tree, encoding="utf-8", xml_declaration=True))


def _is_hidden(run: ElementTree.Element) -> bool:
    mark = run.find(f"{_WORD}rPr/{_WORD}vanish")
    return mark is not None and mark.get(f"{_WORD}val", "true").lower() not in {"0", "false", "off"}
