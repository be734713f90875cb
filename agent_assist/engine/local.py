"""The engine of this installation."""

from collections.abc import Callable
from pathlib import Path

from agent_assist.engine.client import EngineProcess
from agent_assist.engine.programs import neural_program

ALL_LAYERS = -1


def local_engine(
    models_dir: Path, *, placed: Callable[[], tuple[str, int]] = lambda: ("auto", ALL_LAYERS)
) -> EngineProcess:
    """The engine of this installation, with the models in `models_dir`.

    `placed` tells the device ("auto", "cpu" or "cuda") and the layers on the graphics card, -1 for as many as fit; it
    is asked before each start.
    """

    def command() -> list[str]:
        device, layers = placed()
        chosen = [] if layers < 0 else ["--gpu-layers", str(layers)]
        return [*neural_program("models.engine", "--models", str(models_dir), "--device", device), *chosen]

    return EngineProcess(command)
