"""`agent-assist knowledge …`: one module a concern, all adding to one group."""
