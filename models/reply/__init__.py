"""The reply model: prompt, corpus, LoRA training, and the writer that drafts replies in the engine process."""

import os

# Before OpenMP loads with llama.cpp or torch: threads that spin while they wait starve whatever runs beside them,
# threads that sleep at once wake too late for a model of a thousand small steps a token. 300 rounds, well below a
# microsecond, give both. Measured on 2 cores in tokens/s, alone and beside a trainer of 2 threads: no spinning 25 and
# 50, 300 rounds 75 and 61, 30,000 rounds 80 and under 10.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
os.environ.setdefault("GOMP_SPINCOUNT", "300")
# llama.cpp would call a debugger when it aborts, and print what its functions were given: whole prompts.
os.environ.setdefault("GGML_NO_BACKTRACE", "1")
