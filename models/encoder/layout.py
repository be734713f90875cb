"""Names of the files in an encoder's folder, and which layer the token head reads beside the last one."""

ONNX_FILE = "model.int8.onnx"
WEIGHTS_FILE = "model.safetensors"
TOKENIZER_FILE = "tokenizer.json"
CONFIG_FILE = "config.json"
CARD_FILE = "model.json"
MIDDLE_LAYER = 7
