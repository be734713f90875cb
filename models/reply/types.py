"""What a draft tells about itself when it is done."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftStats:
    """The whole draft and its figures; times in milliseconds since the writer began with it.

    `prompt_cached` of `prompt_tokens` were taken from the cache; `stopped_early`: cut by the token limit or the guard
    against repetition, not ended by the model. `answerable` and `quoted`: see `protocol.DraftDone`.
    """

    text: str
    prompt_hash: str
    prompt_tokens: int
    prompt_cached: int
    completion_tokens: int
    first_token_ms: float
    total_ms: float
    stopped_early: bool = False
    answerable: float | None = None
    quoted: bool = False
