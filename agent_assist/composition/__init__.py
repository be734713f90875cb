"""The composition root: builds the application from its rooms, starts and closes it."""

from agent_assist.composition.app import SAMPLE_PROFILE, App, open_app, sample_profile_dir

__all__ = ["SAMPLE_PROFILE", "App", "open_app", "sample_profile_dir"]
