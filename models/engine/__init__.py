"""The engine process: one worker a model, one queue, JSON lines on standard input and output."""
