"""The sentences of the errors that the window can show, read from the code that raises them."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Rooms whose errors reach the window, and in them what only the command line, the benchmarks and the tests reach.
ROOMS = (
    *(f"agent_assist/{room}" for room in ("engine", "intake", "files", "knowledge", "learning", "services")),
    *(f"agent_assist/{room}" for room in ("settings", "storage")),
    "models/inspect.py",
    "models/convert.py",
    *(f"models/reply/{name}.py" for name in ("gguf_file", "inspecting", "limits", "loading", "opening")),
    *(f"models/reply/{name}" for name in ("runtime.py", "writer.py", "choice.py", "converting", "remote")),
    "models/reranker/folder.py",
    "models/understanding/choice.py",
)
ELSEWHERE = (
    *(f"services/{name}.py" for name in ("training", "tuning", "evaluation", "measuring_rows")),
    "storage/masks.py",
    "engine/testing.py",
)
# Bugs, or told in other words by whoever catches them.
NOT_TOLD = frozenset(
    [
        "ValueError",
        "TypeError",
        "KeyError",
        "IndexError",
        "OSError",
        "RuntimeError",
        "AssertionError",
        "pypdfium2.PdfiumError",
    ]
)
PLACE = "{}"


def template(node: ast.expr) -> str | None:
    """A text with each place that is filled as "{}", None for what is no literal."""
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(str(part.value) if isinstance(part, ast.Constant) else PLACE for part in parts)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            first, second = template(left), template(right)
            return None if first is None or second is None else first + second
    return None


def sentences() -> Iterator[tuple[str, str]]:
    """Where each is raised, and its template."""
    for room in ROOMS:
        path = ROOT / room
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            if not str(file).endswith(ELSEWHERE):
                yield from _in_file(file)


def _in_file(file: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        found: ast.expr | None = None
        match node:
            case ast.Call(func=func, args=[first, *_]) if ast.unparse(func).endswith("Error"):
                found = first if ast.unparse(func) not in NOT_TOLD else None
            case ast.keyword(arg="reason" | "sentence" | "problem", value=value):
                found = value
            case ast.Call(func=ast.Name(id="_problem"), args=[_, _, third, *_]):
                found = third
        said = template(found) if found is not None else None
        if said and " " in said:
            yield f"{file.relative_to(ROOT)}:{node.lineno}", said
