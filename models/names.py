"""Names of models."""

import re


def plain_name(text: str) -> str:
    """A name that can be a folder's."""
    return re.sub(r"[^\w.-]+", "-", text).strip("-.").lower() or "model"
