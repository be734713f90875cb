"""The settings screen, made from the records of `agent_assist.settings`."""
