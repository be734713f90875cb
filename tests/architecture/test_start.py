"""What a start loads: the list of tickets is painted before anything is imported that it does not need."""

import ast
import importlib
import inspect
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import build_installer
from agent_assist.composition.app import PORTIONS, App
from agent_assist.late import Late, parts
from ui.knowledge.view import KnowledgeView
from ui.shell.desk_view import DeskView
from ui.shell.presenter import DeskPresenter
from ui.shell.rooms.rooms import AT_LEISURE, Rooms
from ui.shell.session import TICKET_VIEWS

ROOT = Path(__file__).parents[2]
HOLDERS = (App, DeskPresenter, DeskView, KnowledgeView, Rooms)
# The list shows none of this: each costs more to import than the list costs to read.
NOT_YET = (
    *("agent_assist.knowledge", "agent_assist.suggestion", "agent_assist.recommendation", "agent_assist.intake"),
    *("agent_assist.privacy", "agent_assist.learning", "agent_assist.domain.patterns", "agent_assist.domain.facts"),
    *("agent_assist.services.suggestions", "agent_assist.services.articles", "agent_assist.services.indexing"),
    *("ui.composer.view", "ui.thread.view", "ui.side.view", "ui.drafting.view", "ui.shell.open_ticket_view"),
    *("ui.knowledge", "ui.settings", "ui.models", "ui.log", "ui.palette", "ui.tour", "ui.keys"),
    *("charset_normalizer", "snowballstemmer", "opencc", "nh3", "selectolax", "openpyxl", "email.message"),
    *("phonenumbers", "rjieba", "markdown_it", "sqlite_utils", "numpy"),
)
# Runs the program over a profile with one ticket, which is chosen as soon as it is in the list; says what is loaded
# when the list is on the screen.
START = """
import asyncio, json, sys
from pathlib import Path
import qasync
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from ui.app import Program, _opener
application = QApplication([]); application.setQuitOnLastWindowClosed(False)
profile = Path(sys.argv[1])
async def main():
    program = Program(application, QSettings(str(profile / "w.ini"), QSettings.Format.IniFormat), open_profile)
    running = asyncio.create_task(program.run())
    while program.session is None:
        await asyncio.sleep(0)
    inbox, model = program.session.desk.inbox, program.session.view.inbox.list.model()
    inbox.counted.subscribe(lambda: inbox.select_index(0))
    await painted
    shown = {"rows": model.rowCount(), "text": model.index(0, 0).data()}
    while program.session.desk.composer.view is None:
        await asyncio.sleep(0)
    print(json.dumps({**shown, "loaded": loaded, "open": program.session.desk.composer.view.ticket.id}))
    program.window.close()
    await running
async def open_profile(passphrase):
    app = await _opener(profile)(passphrase)
    from ui.shell.presenter import DeskPresenter
    release = DeskPresenter.release
    def noted(desk):
        loaded.extend(sys.modules)
        painted.set_result(None)
        release(desk)
    DeskPresenter.release = noted
    return app
loaded = []
with qasync.QEventLoop(application) as loop:
    painted = loop.create_future()
    loop.run_until_complete(main())
"""


def test_the_list_is_there_before_what_it_does_not_need(tmp_path: Path) -> None:
    profile, source = tmp_path / "profile", tmp_path / "one.jsonl"
    source.write_text('{"id": "T1", "customer": "Kim", "text": "where is my parcel"}\n', encoding="utf-8")
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "AGENT_ASSIST_MODELS": str(tmp_path / "none")}
    run = [sys.executable, "-c", "from agent_assist.cli.main import main; main()", "--profile", str(profile)]
    subprocess.run([*run, "import", str(source)], cwd=ROOT, env=environment, check=True, capture_output=True)
    result = subprocess.run(
        [sys.executable, "-c", START, str(profile)],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    told = json.loads(result.stdout)
    assert told["rows"] == 1
    assert "Kim" in told["text"]
    assert told["open"] == "T1"
    assert "ui.inbox.view" in told["loaded"]
    assert [name for name in NOT_YET if name in told["loaded"]] == []


@pytest.mark.parametrize("holder", HOLDERS)
def test_a_late_part_is_what_it_is_declared_as(holder: type) -> None:
    declared = inspect.get_annotations(holder)
    assert parts(holder)
    for name, part in parts(holder).items():
        source = inspect.getsource(getattr(importlib.import_module(part.module), part.function))
        [function] = ast.parse(source).body
        assert isinstance(function, ast.FunctionDef)
        assert function.returns is not None
        assert declared[name] == f"Late[{ast.unparse(function.returns)}]"


def test_what_is_imported_at_leisure_exists_and_travels_with_the_installer() -> None:
    for module in (*PORTIONS, *AT_LEISURE, *TICKET_VIEWS):
        importlib.import_module(module)
    frozen = build_installer.late_modules()
    assert {part.module for holder in HOLDERS for part in parts(holder).values()} == set(frozen)


class Holder:
    """Something with a late part."""

    part: Late[list[int]] = Late(f"{__name__}:made")


def made(_holder: Holder) -> list[int]:
    return []


def test_a_late_part_is_made_once_and_only_when_asked_for() -> None:
    sys.modules.setdefault(__name__, sys.modules[made.__module__])
    one, other = Holder(), Holder()
    assert Holder.part.made(one) is None
    assert one.part is one.part
    assert Holder.part.made(one) is one.part
    assert other.part is not one.part
