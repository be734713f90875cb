"""What the README names exists, and what exists is named there."""

import re
from collections.abc import Iterator
from pathlib import Path

import click

from agent_assist.cli.main import main

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands(group: click.Group, prefix: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*prefix, name))
        else:
            yield (*prefix, name), command


def test_every_command_is_in_the_readme() -> None:
    table = README.split("## Command line")[1].split("\n## ")[0]
    rows = {row.split("|")[1].split()[0].strip("`"): row for row in table.splitlines() if row.startswith("| `")}
    names = list(commands(main))
    assert len(names) > 15
    for path, _ in names:
        mentioned = "".join(row for row in table.splitlines() if row.startswith(f"| `{path[0]}"))
        assert path[-1] in mentioned, f"{' '.join(path)} is missing"
    assert set(rows) <= {path[0] for path, _ in names}


def test_every_command_has_a_help_sentence() -> None:
    for path, command in commands(main):
        assert command.help, path
        assert command.help.strip().endswith("."), path


def test_files_and_links_of_the_documents_exist() -> None:
    for document in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"):
        text = (ROOT / document).read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#:]+)\)", text):
            assert (ROOT / target).exists(), f"{document} links to {target}"


def test_make_targets_named_in_documents_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for document in ("README.md", "CONTRIBUTING.md"):
        text = (ROOT / document).read_text(encoding="utf-8")
        for target in re.findall(r"`?\bmake ([a-z]+)\b`?", text.split("```")[1]):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
