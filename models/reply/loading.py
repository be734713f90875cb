"""The reply model that the engine uses: the chosen one, or the starter where that one cannot be used."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from agent_assist.engine.protocol import Draft, Rewrite, Summarise
from models.errors import BadNumbersError, NoMemoryError
from models.reply.choice import STARTER, Choice, chosen, starter
from models.reply.opening import open_runtime
from models.reply.runtime import ModelLoadError
from models.reply.trial import DEATHS_ALLOWED, Trials
from models.reply.types import DraftStats
from models.reply.writer import Writer

logger = logging.getLogger(__name__)
Written = Iterator[str | DraftStats]
# What another model may do better with. Anything else is a fault of the request or of ours.
FAILURES = (ModelLoadError, BadNumbersError, NoMemoryError)


class ReplyModels:
    """Writes with the chosen model; with the starter, and a sentence about why, once that one fails.

    Not thread-safe: one worker owns it.
    """

    def __init__(self, models_dir: Path, *, gpu_layers: int | None = None, choice: Choice | None = None) -> None:
        """Loads. Raises FileNotFoundError where nothing is installed, ModelLoadError where nothing can be loaded."""
        self._models_dir = models_dir
        self._gpu_layers = gpu_layers
        self._trials = Trials(models_dir)
        self._problem = ""
        self._choice = choice or chosen(models_dir)
        self._writer: Writer | None = None
        try:
            self._writer = self._load(self._choice)
        except FileNotFoundError as error:
            if self._choice.name == STARTER:
                raise
            self._fall_back(str(error))
        except FAILURES as error:
            self._fall_back(str(error))

    @property
    def version(self) -> str:
        """Of the model that writes, or would."""
        return self._writer.version if self._writer else self._choice.version

    @property
    def device(self) -> str:
        """Where it runs: "cpu" or "gpu"; "" where nothing is left to run."""
        return self._writer.device if self._writer else ""

    @property
    def device_reason(self) -> str:
        """Why there; before that, why another model than the chosen one writes."""
        return f"{self._problem} {self._writer.device_reason if self._writer else ''}".strip()

    @property
    def problem(self) -> str:
        """Why another model than the chosen one writes, "" where it does not."""
        return self._problem

    @property
    def small(self) -> bool:
        """See `Writer.small`."""
        return self._writer is not None and self._writer.small

    def draft(self, request: Draft, *, should_stop: Callable[[], bool]) -> Written:
        """See `Writer.draft`. What was not shown yet is begun again by the starter where the model fails."""
        return self._written(lambda writer: writer.draft(request, should_stop=should_stop))

    def rewrite(self, request: Rewrite, *, should_stop: Callable[[], bool]) -> Written:
        """See `Writer.rewrite` and `draft`."""
        return self._written(lambda writer: writer.rewrite(request, should_stop=should_stop))

    def summarise(self, request: Summarise, *, should_stop: Callable[[], bool]) -> Written:
        """See `Writer.summarise` and `draft`."""
        return self._written(lambda writer: writer.summarise(request, should_stop=should_stop))

    def _written(self, write: Callable[[Writer], Written]) -> Written:
        shown = False
        try:
            with self._watched():
                for piece in write(self._now):
                    shown = True
                    yield piece
                return
        except FAILURES as error:
            self._fall_back(str(error))
            if shown:
                raise
        yield from write(self._now)

    def close(self) -> None:
        """Free the model."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    @property
    def _now(self) -> Writer:
        if self._writer is None:
            raise ModelLoadError(self._problem or "No reply model is loaded.")
        return self._writer

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """A card whose memory runs out may end the process, also long after the model was loaded."""
        layers = self._now.gpu_layers
        if layers == 0:
            yield
            return
        self._trials.begin(self._choice.name, layers)
        try:
            yield
        finally:
            self._trials.end()

    def _load(self, choice: Choice) -> Writer:
        death = self._trials.died(choice.name)
        if death is not None and death.gpu_layers == 0 and death.deaths >= DEATHS_ALLOWED:
            raise ModelLoadError(
                f"The engine ended {death.deaths} times while it loaded {choice.name}. Check the file, or choose it "
                f"again with `agent-assist models use {choice.name}`."
            )
        try:
            runtime = open_runtime(
                choice,
                gpu_layers=self._gpu_layers,
                died_with=death.gpu_layers if death else None,
                began=lambda placement: self._trials.begin(choice.name, placement.gpu_layers),
            )
            writer = Writer.over(runtime, choice)
            writer.warm_up()
        finally:
            self._trials.end()  # only a death leaves the note behind
        return writer

    def _fall_back(self, why: str) -> None:
        """Load the starter in place of a model that failed; raises ModelLoadError where the starter is that one."""
        spare = starter(self._models_dir)
        if self._choice.model == spare.model and self._choice.adapter == spare.adapter:
            raise ModelLoadError(why)
        logger.error("%s cannot be used: %s", self._choice.name, why)
        failed, self._choice = self._choice, spare
        self._problem = f"{failed.name} cannot be used, {spare.name} writes instead: {why}"
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        self._writer = self._load(spare)
