"""Two minutes through the window, on the sample shop or on the agent's own tickets."""
