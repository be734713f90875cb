"""How a reply adapter is trained: packs of rows that share a prompt's beginning, the loop, the run and its files."""
