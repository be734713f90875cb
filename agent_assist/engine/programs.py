"""How the programs of the neural half are started: by this interpreter, or by the executable beside a frozen one."""

import sys
from pathlib import Path

FROZEN_NAME = "agent-assist-neural"


def neural_program(module: str, *arguments: str) -> list[str]:
    """Command line that runs `module` of the package `models` (`models.engine`, `models.setup`, `models.inspect`)."""
    if getattr(sys, "frozen", False):
        suffix = ".exe" if sys.platform == "win32" else ""
        return [str(Path(sys.executable).with_name(FROZEN_NAME + suffix)), module, *arguments]
    # -P: a folder named `models` where the user happens to be must not stand in for ours.
    return [sys.executable, "-P", "-m", module, *arguments]
