"""The reply model: prompt, corpus, LoRA training, and the writer that drafts replies in the engine process."""

import os

# Before OpenMP loads with llama.cpp or torch: threads that spin while they wait starve whatever runs beside them.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
