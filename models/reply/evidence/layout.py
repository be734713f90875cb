"""Names of the files in a reader's folders: the adapter that is shipped, and what is built from it."""

ADAPTER_FILE = "adapter.safetensors"
CARD_FILE = "model.json"
SCORE_WEIGHT, SCORE_BIAS, OVERLAP = "score.weight", "score.bias", "overlap.weight"
LORA_DOWN, LORA_UP = ".lora_a", ".lora_b"  # behind the name of a BertModel's matrix, without its ".weight"
NAME = "starter"  # of the folder under MODELS/evidence
SHIPPED = "adapters/evidence-starter"  # under resources
