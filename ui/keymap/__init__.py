"""Which keys do what: the actions' own ones and the agent's in their place. No Qt."""
