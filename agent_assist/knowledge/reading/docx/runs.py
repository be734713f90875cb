"""The words of a Word paragraph as HTML: links, bold, line breaks; nothing that is hidden or deleted."""

from collections.abc import Iterator
from html import escape
from xml.etree.ElementTree import Element

from agent_assist.knowledge.reading.docx.package import R, W, is_on

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# Wrappers of which the content counts as if they were not there.
_TRANSPARENT = frozenset(
    f"{W}{name}" for name in ("ins", "moveTo", "smartTag", "customXml", "sdtContent", "fldSimple", "dir", "bdo")
)
_SIGNS = {f"{W}tab": " ", f"{W}br": "<br>", f"{W}cr": "<br>", f"{W}noBreakHyphen": "-", f"{W}ptab": " "}


def shown(parent: Element) -> Iterator[Element]:
    """The children that count, wrappers opened; of two versions of one thing the first."""
    for child in parent:
        if child.tag in _TRANSPARENT:
            yield from shown(child)
        elif child.tag == f"{W}sdt":
            content = child.find(f"{W}sdtContent")
            if content is not None:
                yield from shown(content)
        elif child.tag == f"{_MC}AlternateContent":
            choice = child.find(f"{_MC}Choice")
            yield from shown(child if choice is None else choice)
        elif child.tag == f"{_MC}Fallback":
            yield from shown(child)
        else:
            yield child


def words(paragraph: Element, links: dict[str, str]) -> str:
    """The paragraph's inline HTML."""
    return "".join(_inline(paragraph, links)).replace("</b><b>", "")


def text_boxes(paragraph: Element) -> Iterator[Element]:
    """The bodies of text boxes that are anchored in the paragraph."""
    for run in shown(paragraph):
        if run.tag == f"{W}r":
            for drawing in shown(run):
                if drawing.tag in {f"{W}drawing", f"{W}pict"}:
                    yield from drawing.iter(f"{W}txbxContent")


def _inline(parent: Element, links: dict[str, str]) -> Iterator[str]:
    for child in shown(parent):
        if child.tag == f"{W}r":
            yield _run(child)
        elif child.tag == f"{W}hyperlink":
            inner = "".join(_inline(child, links))
            address = links.get(child.get(f"{R}id", ""), "")
            yield f'<a href="{escape(address)}">{inner}</a>' if address else inner


def _run(run: Element) -> str:
    properties = run.find(f"{W}rPr")
    if is_on(properties, "vanish") or is_on(properties, "webHidden"):
        return ""
    text = "".join(escape(part.text or "") if part.tag == f"{W}t" else _SIGNS.get(part.tag, "") for part in shown(run))
    return f"<b>{text}</b>" if is_on(properties, "b") and text.strip() else text
