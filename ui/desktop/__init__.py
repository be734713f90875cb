"""Notices of the desktop about urgent tickets while the agent is elsewhere."""
