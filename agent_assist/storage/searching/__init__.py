"""The store's half of a search: which passages are worth scoring. agent_assist.knowledge.searching scores them."""
