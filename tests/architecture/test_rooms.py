"""The rooms stay apart: the import contracts hold, each one bites, and the core starts light."""

import pkgutil
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import agent_assist

ROOT = Path(__file__).parents[2]
HEAVY = ("PySide6", "qasync", "torch", "transformers", "onnxruntime", "llama_cpp", "peft")
STATISTICS = ("numpy", "scipy", "sklearn", "cleanlab", "pandas", "matplotlib", "datasketch", "rapidfuzz")

VIOLATIONS = {
    "The core knows neither the window nor a model framework": ("agent_assist/domain/seeded.py", "import torch\n"),
    "The neural half knows the domain and the protocol, nothing else of ours": (
        "models/seeded.py",
        "import agent_assist.storage.database\n",
    ),
    "The window speaks to services, domain and settings only": (
        "ui/seeded.py",
        "from agent_assist.storage import database\n",
    ),
    "Inside the core, imports point down": ("agent_assist/domain/seeded.py", "import agent_assist.engine.api\n"),
    "Siblings do not know each other": ("agent_assist/intake/seeded.py", "import agent_assist.suggestion.policy\n"),
    "Statistics and plots stay in the data room": ("agent_assist/learning/seeded.py", "import sklearn\n"),
    "No import cycles": ("agent_assist/domain/taxonomy.py", "import agent_assist.engine.api\n"),
}


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"]
    return subprocess.run(
        command, cwd=root, env={"PYTHONPATH": str(root), "PATH": ""}, capture_output=True, text=True, check=False
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The three packages and the contracts, free to be broken."""
    for package in ("agent_assist", "ui", "models"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / ".importlinter", tmp_path)
    return tmp_path


def test_contracts_hold() -> None:
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("contract", VIOLATIONS)
def test_a_seeded_violation_is_found(contract: str, copy: Path) -> None:
    path, line = VIOLATIONS[contract]
    target = copy / path
    target.write_text(line + (target.read_text(encoding="utf-8") if target.exists() else ""), encoding="utf-8")
    result = lint_imports(copy)
    assert result.returncode != 0
    name = "Inside the core, imports point down" if contract.startswith("Siblings") else contract
    assert f"{name} BROKEN" in result.stdout


def loaded(modules: list[str], heavy: tuple[str, ...]) -> str:
    program = f"import sys, {', '.join(modules)}\nprint([name for name in {heavy!r} if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    return result.stdout.strip() or result.stderr


def core() -> list[str]:
    names = [module.name for module in pkgutil.walk_packages(agent_assist.__path__, "agent_assist.")]
    assert len(names) > 30
    return [name for name in names if not name.endswith("__main__")]


def test_the_core_loads_no_window_and_no_model_framework() -> None:
    assert loaded(core(), HEAVY) == "[]"


def test_only_the_data_room_loads_statistics_and_only_when_asked() -> None:
    assert loaded([name for name in core() if not name.startswith("agent_assist.data.")], STATISTICS) == "[]"
