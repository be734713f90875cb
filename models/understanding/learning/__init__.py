"""Learning at once: corrections that the heads feel in the next message, beside a memory of what they knew."""
