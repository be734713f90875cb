"""Does llama.cpp with the GGUF adapter say what transformers with the same LoRA says?

`python -m tests.benchmarks.reply_agreement --models DIR [--rows N]`. Both run the same base: llama.cpp its Q4_K_M
weights, transformers the same weights dequantised. Prints the mean KL divergence of the next-token distributions over
the tokens of the written replies, how often the most likely token is the same, and how many whole greedy drafts are.
"""

import argparse
import json
from pathlib import Path

import gguf
import numpy as np
import torch

from models.reply.choice import choose, physical_cores
from models.reply.evaluate import held_out_rows
from models.reply.prompt import render
from models.reply.runtime import Runtime
from models.reply.training.lora import attach, read_adapter
from models.reply.training.packs import Example
from models.reply.training.run import load_base
from models.reply.training.tokens import Encoder

_GREEDY = 48


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=8)
    options = parser.parse_args()
    choice = choose(options.models)
    assert choice.adapter is not None
    runtime = Runtime(choice.model, adapter=choice.adapter, context=2048, threads=physical_cores(), gpu_layers=0)
    encoder = Encoder(runtime.vocabulary)
    model = load_base(choice.model, "fp32")
    load_adapter(model, choice.adapter)
    rows = held_out_rows(each=1)
    examples = [
        encoder.example(render(row.draft, count=encoder.count, budget=700).text, row.reply)
        for row in rows[:: max(1, len(rows) // options.rows)]
    ]
    print(json.dumps({"rows": len(examples), **compare(runtime, model, examples)}))


def load_adapter(model: torch.nn.Module, path: Path) -> None:
    """Put the GGUF adapter on a transformers model."""
    reader = gguf.GGUFReader(path)
    tensors = read_adapter(path)
    rank = next(iter(tensors.values())).shape[0]
    alpha = float(reader.fields["adapter.lora.alpha"].contents())
    with torch.no_grad():
        for name, parameter in attach(model.model.layers, rank=rank, alpha=alpha, dropout=0.0).items():
            parameter.copy_(tensors[name])
    model.eval()


@torch.no_grad()
def compare(runtime: Runtime, model: torch.nn.Module, examples: list[Example]) -> dict[str, float]:
    """Divergence and agreement on the replies, and equal greedy drafts."""
    divergences, same, equal = [], [], 0
    for example in examples:
        ids = example.prompt + example.reply
        ours = torch.log_softmax(
            model(input_ids=torch.tensor([ids])).logits[0, len(example.prompt) - 1 : -1], -1
        ).numpy()
        runtime.prefill(example.prompt, should_stop=lambda: False)
        for place, token in enumerate(example.reply):
            theirs = torch.log_softmax(torch.from_numpy(runtime.logits().copy()), -1).numpy()
            divergences.append(float((np.exp(theirs) * (theirs - ours[place])).sum()))
            same.append(theirs.argmax() == ours[place].argmax())
            runtime.decode([token])
        equal += greedy_llama(runtime, example) == greedy_torch(model, example, runtime.vocabulary.end)
    return {
        "kl": round(float(np.mean(divergences)), 5),
        "same_token": round(float(np.mean(same)), 4),
        "same_draft": round(equal / len(examples), 3),
    }


def greedy_llama(runtime: Runtime, example: Example) -> list[int]:
    """Token ids up to the end token."""
    runtime.prefill(example.prompt, should_stop=lambda: False)
    chosen: list[int] = []
    while len(chosen) < _GREEDY and not runtime.vocabulary.is_end(token := int(runtime.logits().argmax())):
        chosen.append(token)
        runtime.decode([token])
    return chosen


def greedy_torch(model: torch.nn.Module, example: Example, end: int) -> list[int]:
    """The same with transformers."""
    ids = torch.tensor([example.prompt])
    out = model.generate(ids, max_new_tokens=_GREEDY, do_sample=False, eos_token_id=end, pad_token_id=0)  # type: ignore[operator]
    return [int(token) for token in out[0, ids.shape[1] :] if int(token) != end]


if __name__ == "__main__":
    main()
