"""Settings: one record each (catalog), their values in the profile's settings.toml (store)."""

from agent_assist.settings.catalog import SECTIONS, SETTINGS
from agent_assist.settings.records import Applies, Setting, Value
from agent_assist.settings.store import AnySetting, Settings, find_setting

__all__ = ["SECTIONS", "SETTINGS", "AnySetting", "Applies", "Setting", "Settings", "Value", "find_setting"]
