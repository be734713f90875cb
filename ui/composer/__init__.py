"""The suggestion and the agent's reply."""
