"""Opens a reply model where it fits: on the graphics card, in part, or on the CPU, with the reason."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace

from models.reply.choice import Choice, physical_cores
from models.reply.gguf_file import BrokenGgufError, check_adapter, read_head
from models.reply.memory import Memory, free_memory
from models.reply.placed import PlacedRuntime
from models.reply.placement import Needs, NoRoomError, Placement, place, retreats
from models.reply.runtime import ModelLoadError, Runtime, load_vocabulary, supports_gpu

logger = logging.getLogger(__name__)
# A prompt's fixed parts, the shortest useful ticket and a reply.
LEAST_TRAINED = 1024


def open_runtime(
    choice: Choice,
    *,
    gpu_layers: int | None = None,
    context: int | None = None,
    memory: Callable[[], Memory] = free_memory,
    gpu_build: Callable[[], bool] = supports_gpu,
    died_with: int | None = None,
    began: Callable[[Placement], None] = lambda placement: None,
) -> PlacedRuntime:
    """Load the chosen model and adapter. `died_with`: an engine died over it with so many GPU layers; take fewer.

    `began` hears of each place before it is tried. Raises FileNotFoundError, or ModelLoadError with a sentence.
    """
    for path in (choice.model, choice.adapter):
        if path is not None and not path.is_file():
            raise FileNotFoundError(f"The reply model {path} is missing. Run `agent-assist models build`.")
    free = memory()
    try:
        head = read_head(choice.model)
        if choice.adapter is not None:
            check_adapter(read_head(choice.adapter), head)
        needs = Needs.of(head)
        first = place(needs, free, gpu_layers=gpu_layers, gpu_build=gpu_build(), context=context)
    except BrokenGgufError as error:
        raise ModelLoadError(str(error)) from error
    except NoRoomError as error:
        raise ModelLoadError(f"{choice.model.parent.name} does not fit: {error}.") from error
    threads = physical_cores()

    def opened(placement: Placement) -> Runtime:
        began(placement)
        return Runtime(
            choice.model,
            adapter=choice.adapter,
            context=placement.context,
            threads=threads,
            gpu_layers=placement.gpu_layers,
        )

    places = _places(first, needs, free, threads, died_with)
    return PlacedRuntime(opened, places, vocabulary=lambda: load_vocabulary(choice.model))


def _places(first: Placement, needs: Needs, free: Memory, threads: int, died_with: int | None) -> Iterator[Placement]:
    for placement in retreats(first, needs, free):
        if died_with and placement.gpu_layers >= died_with:
            continue
        reason = placement.reason
        if died_with:
            reason += f"; the engine ended over it with {died_with} layers there"
        if placement.gpu_layers == 0:
            reason = reason.replace("CPU:", f"CPU ({threads} threads, one a core):", 1)
        yield replace(placement, reason=reason)
