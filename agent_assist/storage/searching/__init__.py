"""The store's half of a search: which passages are worth scoring. The other half is agent_assist.knowledge.search."""
