"""What the reader tells about what it learned."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """See `agent_assist.engine.protocol.Learned`."""

    held: int
    trunk: str
    features: tuple[bytes, ...]
    doubtful: tuple[str, ...]
