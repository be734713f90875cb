"""The neural half: encoder and heads, reply model, training, and the program of the engine process."""
