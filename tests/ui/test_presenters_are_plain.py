"""A presenter is usable, and testable, where there is no Qt at all."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRESENTERS = sorted(path.relative_to(ROOT) for path in (ROOT / "ui").rglob("presenter.py"))


@pytest.mark.parametrize("forbidden", ["PySide6", "qasync", "torch", "transformers", "onnxruntime", "llama_cpp"])
def test_no_presenter_imports(forbidden: str) -> None:
    assert forbidden not in loaded()


def loaded() -> set[str]:
    """Top-level modules that importing every presenter loads, in a fresh interpreter."""
    global _loaded
    if _loaded is None:
        modules = ", ".join(".".join(path.with_suffix("").parts) for path in PRESENTERS)
        code = f"import sys, {modules}; print('\\n'.join({{name.split('.')[0] for name in sys.modules}}))"
        result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
        _loaded = set(result.stdout.split())
    return _loaded


_loaded: set[str] | None = None


def test_there_are_presenters() -> None:
    assert len(PRESENTERS) >= 6
