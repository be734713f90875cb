"""What an article of a file is called: the file's path below the folder that was given."""

from pathlib import Path


def doc_id_of(path: Path, root: Path) -> str:
    """`path` below the folder `root`, with forward slashes; its name alone where it does not lie below it."""
    inner = path.relative_to(root) if path != root and path.is_relative_to(root) else Path(path.name)
    return inner.as_posix()
