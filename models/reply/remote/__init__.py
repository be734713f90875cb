"""A reply model on a server of the local network that speaks OpenAI's chat protocol (llama-server, vLLM, Ollama …)."""
