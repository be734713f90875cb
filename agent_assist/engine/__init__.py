"""The border to the model process: the protocol both sides speak, and the client's half of it."""
