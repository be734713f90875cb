"""llama.cpp through its C interface: a model with its adapter, one sequence, and a KV cache that is kept.

`llama_cpp.Llama` hides two things that a draft needs: where the cache ends, and a stop between chunks of a prompt.
"""

import ctypes
import logging
import math
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np

from models.errors import BadNumbersError, NoMemoryError

logger = logging.getLogger("models.llama_cpp")
# Prompt tokens between two looks at the stop signal: as many as take a third of a second here, changed only where a
# chunk takes far longer or shorter, so that equal prompts are cut at equal places.
_CHUNK, _LEAST_CHUNK, _MOST_CHUNK = 128, 32, 256
_CHUNK_S, _TOO_SHORT_S, _TOO_LONG_S = 0.35, 0.06, 0.5
_STEP = 16
# A few tokens alone take a quarter of a whole chunk's time; rather all chunks are this much longer.
_SLACK = 1.25
_BATCH = 512
_LEVELS = {1: logging.DEBUG, 2: logging.DEBUG, 3: logging.INFO, 4: logging.DEBUG, 5: logging.DEBUG}


@llama_cpp.llama_log_callback  # type: ignore[untyped-decorator]
def _log(level: int, text: bytes, _user: object) -> None:
    # llama.cpp calls much an error that it recovers from; what matters reaches us as a return value.
    logger.log(_LEVELS.get(level, logging.DEBUG), "%s", text.decode("utf-8", "replace").rstrip())


class ModelLoadError(Exception):
    """llama.cpp cannot load the file; the message says what to do."""


class Vocabulary:
    """Tokens of a loaded model."""

    def __init__(self, model: Any) -> None:
        self._model = model  # keeps the memory behind the vocabulary alive
        self._handle = llama_cpp.llama_model_get_vocab(model)
        self.size = int(llama_cpp.llama_vocab_n_tokens(self._handle))
        self.end = int(llama_cpp.llama_vocab_eos(self._handle))
        self._pieces: dict[int, bytes] = {}

    @property
    def handle(self) -> Any:
        """What llama.cpp knows it by."""
        return self._handle

    def tokenize(self, text: str, *, begin: bool = False, special: bool = False) -> list[int]:
        """Ids of `text`. `begin` adds the begin token where the model wants one.

        `special` reads control tokens out of the text; never set it for text that a customer wrote.
        """
        raw = text.encode("utf-8", "replace")  # lone surrogates come in from broken files
        room = len(raw) + 8
        tokens = (llama_cpp.llama_token * room)()
        count = llama_cpp.llama_tokenize(self._handle, raw, len(raw), tokens, room, begin, special)
        if count < 0:
            raise ValueError("The text cannot be split into tokens.")
        return list(tokens[:count])

    def piece(self, token: int) -> bytes:
        """Bytes of a token, b"" for control tokens; a character may be spread over several tokens."""
        known = self._pieces.get(token)
        if known is None:
            buffer = (ctypes.c_char * 256)()
            length = llama_cpp.llama_token_to_piece(self._handle, token, buffer, 256, 0, False)
            known = self._pieces[token] = bytes(buffer.raw[: max(0, length)])
        return known

    def is_end(self, token: int) -> bool:
        """True for every token that ends a generation."""
        return bool(llama_cpp.llama_vocab_is_eog(self._handle, token))


def load_vocabulary(model: Path) -> Vocabulary:
    """Only the vocabulary of a GGUF, without its weights."""
    params = llama_cpp.llama_model_default_params()
    params.vocab_only = True
    return Vocabulary(_load_model(model, params))


def supports_gpu() -> bool:
    """Whether this build of llama.cpp can put layers on a GPU."""
    return bool(llama_cpp.llama_supports_gpu_offload())


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """Greedy at temperature 0; else top-k 40, top-p 0.95 and the seed."""

    temperature: float = 0.0
    seed: int = 0


class Runtime:
    """One model, one adapter at most, one sequence. Not thread-safe: one worker owns it."""

    def __init__(self, model: Path, *, adapter: Path | None, context: int, threads: int, gpu_layers: int) -> None:
        params = llama_cpp.llama_model_default_params()
        params.n_gpu_layers = gpu_layers
        self._model = _load_model(model, params)
        self.vocabulary = Vocabulary(self._model)
        self._context: Any = None
        self._batch: Any = None
        try:
            self._context = self._new_context(context, threads)
            if adapter is not None:
                self._set_adapter(adapter)
        except ModelLoadError:
            self.close()
            raise
        self._memory = llama_cpp.llama_get_memory(self._context)
        self._batch = llama_cpp.llama_batch_init(_BATCH, 0, 1)
        self._chunk = _CHUNK
        self._warm = False
        self.size = int(llama_cpp.llama_n_ctx(self._context))
        self.parameters = int(llama_cpp.llama_model_n_params(self._model))
        self._cached: list[int] = []

    def chat_template(self) -> str:
        """The template that the file carries, "" where it has none."""
        template = llama_cpp.llama_model_chat_template(self._model, None)
        return template.decode("utf-8", "replace") if template else ""

    @property
    def cached(self) -> Sequence[int]:
        """The tokens that the cache holds."""
        return self._cached

    def prefill(self, tokens: Sequence[int], *, should_stop: Callable[[], bool], outputs: int = 1) -> int | None:
        """Make the cache hold exactly `tokens`; returns how many it held already, None when asked to stop.

        The last `outputs` tokens are always computed anew, since their logits are wanted.
        """
        keep = first = self._forget_from(_common(self._cached, tokens[: len(tokens) - outputs]))
        while (left := len(tokens) - first) > 0:
            if should_stop():
                return None
            parts = math.ceil(left / (_SLACK * self._chunk))
            size = math.ceil(left / parts)
            if 0 < left - size < outputs:  # those whose logits are wanted go together
                size -= outputs
            # Only the last chunk's logits are wanted; a quarter of a million of them take as long as eight tokens.
            began = time.perf_counter()
            self.decode(tokens[first : first + size], outputs=outputs if size == left else 0)
            self._suit_chunk(size, time.perf_counter() - began)
            first += size
        return keep

    def decode(self, tokens: Sequence[int], *, outputs: int = 1) -> None:
        """Append at most 512 tokens to the sequence; logits for the last `outputs` of them.

        Raises NoMemoryError where the device has no memory for it, RuntimeError when it fails otherwise; the cache is
        empty afterwards.
        """
        batch, place = self._batch, len(self._cached)
        batch.n_tokens = len(tokens)
        for index, token in enumerate(tokens):
            batch.token[index] = token
            batch.pos[index] = place + index
            batch.n_seq_id[index] = 1
            batch.seq_id[index][0] = 0
            batch.logits[index] = index >= len(tokens) - outputs
        code = llama_cpp.llama_decode(self._context, batch)
        if code != 0:
            self._forget_from(0)
            failure = NoMemoryError if code < -1 else RuntimeError  # allocation or computation on the device failed
            raise failure(f"llama.cpp could not process the prompt (code {code}).")
        self._cached += tokens

    def retake(self, token: int) -> None:
        """Put `token` in place of the last one."""
        self._forget_from(len(self._cached) - 1)
        self.decode([token])

    def sampler(self, sampling: Sampling) -> Callable[[], int]:
        """A function that picks the next token from the logits of the last one; it raises BadNumbersError."""
        if sampling.temperature <= 0:
            return self._likeliest
        chain = _Chain(sampling)

        def sample() -> int:
            self._likeliest()
            return int(llama_cpp.llama_sampler_sample(chain.handle, self._context, -1))

        return sample

    def logits(self, back: int = 1) -> "np.ndarray[Any, np.dtype[np.float32]]":
        """Logits after the last token, or `back` tokens from the end, (vocabulary,); the next `decode` overwrites them.

        Only of tokens that were decoded with `outputs` that reach so far.
        """
        return np.ctypeslib.as_array(llama_cpp.llama_get_logits_ith(self._context, -back), (self.vocabulary.size,))

    def _likeliest(self) -> int:
        logits = self.logits()
        token = int(logits.argmax())
        if not np.isfinite(logits[token]):  # argmax finds the first NaN, if there is one
            raise BadNumbersError("The reply model gives no numbers.")
        return token

    def _suit_chunk(self, tokens: int, seconds: float) -> None:
        if not self._warm or tokens < _LEAST_CHUNK:
            self._warm = True  # the first pass brings the weights in from the disk and tells nothing
            return
        whole = seconds * self._chunk / tokens  # what a chunk would have taken
        # One that was made short while the machine was busy grows again; beyond the usual one only where it is fast.
        usual = self._chunk >= _CHUNK
        long = tokens >= self._chunk
        if whole > _TOO_LONG_S or (long and whole < (_TOO_SHORT_S if usual else _CHUNK_S / 2)):
            fitting = int(tokens * _CHUNK_S / max(seconds, 1e-6)) // _STEP * _STEP
            self._chunk = min(_MOST_CHUNK if usual else _CHUNK, max(_LEAST_CHUNK, fitting))

    def close(self) -> None:
        """Free the model's memory; the runtime is unusable afterwards."""
        if self._batch is not None:
            llama_cpp.llama_batch_free(self._batch)
            self._batch = None
        if self._context:
            llama_cpp.llama_free(self._context)
            self._context = None
        if self._model:
            llama_cpp.llama_model_free(self._model)
            self._model = None

    def _new_context(self, context: int, threads: int) -> Any:
        params = llama_cpp.llama_context_default_params()
        params.n_ctx = context
        params.n_batch = params.n_ubatch = _BATCH
        params.n_threads = params.n_threads_batch = threads
        # Sliding-window layers would otherwise drop old cells, and a shared prefix could not be taken up again.
        params.swa_full = True
        handle = llama_cpp.llama_init_from_model(self._model, params)
        if not handle:
            raise ModelLoadError("There is not enough memory for the reply model's context. Close other programs.")
        return handle

    def _set_adapter(self, path: Path) -> None:
        adapter = llama_cpp.llama_adapter_lora_init(self._model, os.fsencode(path))
        if not adapter:
            raise ModelLoadError(f"The adapter {path} does not fit this model. Choose another one or train it anew.")
        adapters = (llama_cpp.llama_adapter_lora_p_ctypes * 1)(adapter)
        if llama_cpp.llama_set_adapters_lora(self._context, adapters, 1, (ctypes.c_float * 1)(1.0)):
            raise ModelLoadError(f"The adapter {path} cannot be used. Choose another one or train it anew.")

    def _forget_from(self, keep: int) -> int:
        if keep < len(self._cached) and not llama_cpp.llama_memory_seq_rm(self._memory, 0, keep, -1):
            llama_cpp.llama_memory_clear(self._memory, True)
            keep = 0
        del self._cached[keep:]
        return keep


class _Chain:
    """A llama.cpp sampler chain that frees itself."""

    def __init__(self, sampling: Sampling) -> None:
        self.handle = llama_cpp.llama_sampler_chain_init(llama_cpp.llama_sampler_chain_default_params())
        for sampler in (
            llama_cpp.llama_sampler_init_top_k(40),
            llama_cpp.llama_sampler_init_top_p(0.95, 1),
            llama_cpp.llama_sampler_init_temp(sampling.temperature),
            llama_cpp.llama_sampler_init_dist(sampling.seed),
        ):
            llama_cpp.llama_sampler_chain_add(self.handle, sampler)

    def __del__(self) -> None:
        llama_cpp.llama_sampler_free(self.handle)


def _load_model(path: Path, params: Any) -> Any:
    if not path.is_file():
        raise FileNotFoundError(f"The reply model {path} is missing. Run `agent-assist models build`.")
    _start_backend()
    model = llama_cpp.llama_model_load_from_file(os.fsencode(path), params)
    if not model:
        raise ModelLoadError(f"{path} is not a model that llama.cpp can load. Check the file, or add another model.")
    return model


def _start_backend() -> None:
    llama_cpp.llama_log_set(_log, ctypes.c_void_p(0))
    llama_cpp.llama_backend_init()


def _common(old: Sequence[int], new: Sequence[int]) -> int:
    count = 0
    for a, b in zip(old, new, strict=False):
        if a != b:
            break
        count += 1
    return count
