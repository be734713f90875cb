"""What befalls the child is one rejected file; the next one is read by its successor."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from agent_assist.domain.knowledge import Article
from agent_assist.files.rows import RejectedRow
from agent_assist.knowledge import ArticleReader
from agent_assist.knowledge.reading.sandbox import Sandbox, reading_program

# Serves like the real one, but for files whose names say what shall befall it.
CHILD = """
import os, sys
sys.argv = [sys.argv[0]]
import agent_assist.knowledge.reading.__main__ as child
real = child.parse_untrusted
def parse(path, root):
    if "crash" in path.name:
        os.abort()
    if "hang" in path.name:
        while True: pass
    if "memory" in path.name:
        bytearray(8_000_000_000)
    if "chatter" in path.name:
        print("not a reply"); sys.stdout.flush(); os.write(1, b"nor this")
    if "secret" in path.name and "AGENT_ASSIST_PASSPHRASE" in os.environ:
        raise ValueError
    if "deep" in path.name:
        raise RecursionError
    if "midway" in path.name:
        yield from real(path, root)
        os.abort()
    yield from real(path, root)
child.parse_untrusted = parse
child.main()
"""


@pytest.fixture(scope="module")
def child(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    path = tmp_path_factory.mktemp("child") / "child.py"
    path.write_text(CHILD, encoding="utf-8")
    return [sys.executable, str(path)]


def page(folder: Path, name: str) -> Path:
    path = folder / f"{name}.html"
    path.write_text(f"<h1>{name}</h1><p>Words of the page {name}.", encoding="utf-8")
    return path


def kinds(rows: list[Article | RejectedRow]) -> list[type]:
    return [type(row) for row in rows]


@pytest.mark.parametrize(
    ("name", "word"),
    [("crash", "makes the program that reads it fail"), ("hang", "too long"), ("memory", "memory"), ("deep", "deeply")],
)
def test_a_mishap_is_one_rejection_and_the_others_go_on(name: str, word: str, child: list[str], tmp_path: Path) -> None:
    if name == "memory" and sys.platform != "linux":
        pytest.skip("the system has no limit on memory")
    with ArticleReader(sandbox=Sandbox(command=child, seconds=2.0)) as reader:
        for expected in ("first", name, "after"):
            rows = list(reader.read_file(page(tmp_path, expected), root=tmp_path))
            if expected != name:
                assert kinds(rows) == [Article]
                continue
            [row] = rows
            assert isinstance(row, RejectedRow)
            assert word in row.reason
            assert (row.file, row.line) == (str(tmp_path / f"{name}.html"), 0)


def test_the_child_does_not_know_the_passphrase(
    child: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AGENT_ASSIST_PASSPHRASE", "open sesame")
    with ArticleReader(sandbox=Sandbox(command=child)) as reader:
        assert kinds(list(reader.read_file(page(tmp_path, "secret"), root=tmp_path))) == [Article]


@pytest.mark.skipif(sys.platform != "linux", reason="file names are Unicode there")
def test_a_file_name_that_is_no_unicode(reader: ArticleReader, tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path)
    for name, content in ((b"\xcd\xcb.html", b"<p>Words of a page."), (b"\xbf\xee.html", b"<script></script>")):
        path = Path(os.fsdecode(folder + b"/" + name))
        path.write_bytes(content)
        [row] = reader.read_file(path, root=tmp_path)
        assert isinstance(row, Article) == (b"Words" in content)


def test_articles_before_a_crash_are_kept(child: list[str], tmp_path: Path) -> None:
    with ArticleReader(sandbox=Sandbox(command=child)) as reader:
        assert kinds(list(reader.read_file(page(tmp_path, "midway"), root=tmp_path))) == [Article, RejectedRow]


def test_what_a_library_prints_is_no_reply(child: list[str], tmp_path: Path) -> None:
    with ArticleReader(sandbox=Sandbox(command=child)) as reader:
        assert kinds(list(reader.read_file(page(tmp_path, "chatter"), root=tmp_path))) == [Article]


def test_a_file_left_halfway_does_not_leak_into_the_next(child: list[str], tmp_path: Path) -> None:
    many = tmp_path / "many.html"
    many.write_text("<h1>FAQ</h1>" + "".join(f"<h2>Question {n}?</h2><p>Answer." for n in range(500)), encoding="utf-8")
    with ArticleReader(sandbox=Sandbox(command=child)) as reader:
        rows = reader.read_file(many, root=tmp_path)
        next(rows)
        # Another file while the first is still open, then the first goes on.
        assert kinds(list(reader.read_file(page(tmp_path, "other"), root=tmp_path))) == [Article]
        assert len(list(rows)) == 499
        rows = reader.read_file(many, root=tmp_path)
        next(rows)
        rows.close()  # type: ignore[attr-defined]
        [row] = reader.read_file(page(tmp_path, "after"), root=tmp_path)
        assert isinstance(row, Article)
        assert row.title == "after"


def test_a_child_that_cannot_start_or_speak_is_a_reason(tmp_path: Path) -> None:
    for command in ([str(tmp_path / "missing")], [sys.executable, "-c", "print('hello')"]):
        with ArticleReader(sandbox=Sandbox(command=command)) as reader:
            [row] = reader.read_file(page(tmp_path, "a"), root=tmp_path)
            assert isinstance(row, RejectedRow)
            assert row.reason.endswith(".")


def test_the_child_of_a_frozen_program_is_the_executable_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/opt/AgentAssist/agent-assist-ui")
    assert [Path(part).stem for part in reading_program()] == ["agent-assist-reader"]


def test_a_program_that_ends_amid_a_file_ends_quietly(tmp_path: Path) -> None:
    many = tmp_path / "many.html"
    many.write_text("<h1>FAQ</h1>" + "".join(f"<h2>Question {n}?</h2><p>Answer." for n in range(500)), encoding="utf-8")
    program = (
        "import sys; from pathlib import Path; from agent_assist.knowledge import ArticleReader\n"
        "path = Path(sys.argv[1]); reader = ArticleReader(); rows = reader.read_file(path, root=path.parent)\n"
        "print(next(rows).title)"
    )
    result = subprocess.run(
        [sys.executable, "-c", program, str(many)], capture_output=True, text=True, timeout=60, check=False
    )
    assert (result.returncode, result.stdout.strip(), result.stderr) == (0, "Question 0?", "")
