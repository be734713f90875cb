"""How it learns: steps, rates, number formats, processes, checkpoints."""
