"""Where the starter models are, for tests that need them."""

import os
from pathlib import Path

import platformdirs


def models_dir() -> Path:
    """The models folder; the same rule as `agent_assist.settings.paths`."""
    return Path(os.environ.get("AGENT_ASSIST_MODELS") or platformdirs.user_data_path("agent-assist") / "models")
