"""Writing the quality report: a page for people, and the same figures as JSON."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from agent_assist.data.quality import Quality
from agent_assist.data.report_page import report_page
from agent_assist.data.row import Row
from agent_assist.data.rows_file import replacing
from agent_assist.errors import InputError

PAGE = "report.html"
FIGURES = "report.json"


def write_report(found: Quality, rows: Sequence[Row], folder: Path, *, title: str) -> None:
    """Write `report.html` and `report.json` into `folder`, which is made where it is missing.

    Raises `InputError` where it cannot be made, else like `replacing`.
    """
    page = report_page(found, rows, title=title)
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder} cannot be made: {error.strerror}. Name a folder inside one that exists.") from error
    with replacing(folder / FIGURES) as partial:
        partial.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n")
    with replacing(folder / PAGE) as partial:
        partial.write_text(page, encoding="utf-8")
