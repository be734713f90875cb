"""Hugging Face folders become GGUF: models of a few architectures, and PEFT's LoRA adapters."""
