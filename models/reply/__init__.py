"""The reply model: prompt, corpus, LoRA training, and the writer that drafts replies in the engine process."""
