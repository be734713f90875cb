"""A runtime that goes on with fewer layers on the graphics card, or without it, when its memory runs out.

What was read and written so far is read again in the new place, so a draft under way goes on where it was.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from models.errors import BadNumbersError, NoMemoryError
from models.reply.placement import Placement
from models.reply.runtime import ModelLoadError, Runtime, Sampling, Vocabulary

if TYPE_CHECKING:
    import numpy as np

logger = logging.getLogger(__name__)
Open = Callable[[Placement], Runtime]


class PlacedRuntime:
    """`Runtime`'s interface over the first of `places` in which `opened` succeeds; the next ones are for need."""

    def __init__(
        self, opened: Open, places: Iterator[Placement], *, vocabulary: Callable[[], Vocabulary] | None = None
    ) -> None:
        """`vocabulary` loads one that outlives the runtimes: grammars and templates hold on to it."""
        self._open = opened
        self._places = places
        self._runtime, self.placement = self._next()
        # On the CPU there is no other place to go to.
        lasting = vocabulary is not None and self.placement.gpu_layers > 0
        self.vocabulary = vocabulary() if vocabulary is not None and lasting else self._runtime.vocabulary

    @property
    def parameters(self) -> int:
        """See `Runtime.parameters`."""
        return self._runtime.parameters

    @property
    def size(self) -> int:
        """Tokens of context."""
        return self._runtime.size

    @property
    def cached(self) -> Sequence[int]:
        """See `Runtime.cached`."""
        return self._runtime.cached

    @property
    def device(self) -> str:
        """ "gpu" where any layer is there, else "cpu"."""
        return "gpu" if self.placement.gpu_layers > 0 else "cpu"

    def chat_template(self) -> str:
        """See `Runtime.chat_template`."""
        return self._runtime.chat_template()

    def prefill(self, tokens: Sequence[int], *, should_stop: Callable[[], bool], outputs: int = 1) -> int | None:
        """See `Runtime.prefill`."""
        while True:
            try:
                return self._runtime.prefill(tokens, should_stop=should_stop, outputs=outputs)
            except NoMemoryError as error:
                self._retreat(error)

    def decode(self, tokens: Sequence[int], *, outputs: int = 1) -> None:
        """See `Runtime.decode`; NoMemoryError comes only where no other place is left."""
        whole = [*self._runtime.cached, *tokens]
        try:
            self._runtime.decode(tokens, outputs=outputs)
        except NoMemoryError as error:
            self._retreat(error)
            self.prefill(whole, should_stop=_never, outputs=outputs)

    def retake(self, token: int) -> None:
        """See `Runtime.retake`."""
        whole = [*self._runtime.cached[:-1], token]
        try:
            self._runtime.retake(token)
        except NoMemoryError as error:
            self._retreat(error)
            self.prefill(whole, should_stop=_never)

    def sampler(self, sampling: Sampling) -> Callable[[], int]:
        """See `Runtime.sampler`; a card that computes wrongly is left as one without memory is."""
        owner, pick = self._runtime, self._runtime.sampler(sampling)

        def sample() -> int:
            nonlocal owner, pick
            while True:
                if owner is not self._runtime:
                    owner, pick = self._runtime, self._runtime.sampler(sampling)
                try:
                    return pick()
                except BadNumbersError as error:
                    whole = list(self._runtime.cached)
                    self._retreat(error)
                    self.prefill(whole, should_stop=_never)

        return sample

    def logits(self, back: int = 1) -> "np.ndarray[Any, np.dtype[np.float32]]":
        """See `Runtime.logits`."""
        return self._runtime.logits(back)

    def close(self) -> None:
        """See `Runtime.close`."""
        self._runtime.close()

    def _next(self) -> tuple[Runtime, Placement]:
        """Open in the next place; raises the last place's error where none is left."""
        failure = ModelLoadError("There is no place to load the reply model into.")
        for placement in self._places:
            try:
                return self._open(placement), placement
            except ModelLoadError as error:
                logger.warning("the reply model did not load with %d GPU layers: %s", placement.gpu_layers, error)
                failure = error
        raise failure

    def _retreat(self, error: Exception) -> None:
        if self.placement.gpu_layers == 0:
            raise error
        logger.warning("with %d GPU layers: %s", self.placement.gpu_layers, error)
        self._runtime.close()  # its memory is what the next one needs
        self._runtime, self.placement = self._next()


def _never() -> bool:
    return False
