"""Settings: one record each (catalog), their values in the profile's settings.toml (store)."""

from agent_assist.settings.catalog import SETTINGS
from agent_assist.settings.records import Setting, Value
from agent_assist.settings.store import Settings, find_setting

__all__ = ["SETTINGS", "Setting", "Settings", "Value", "find_setting"]
