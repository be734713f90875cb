"""The trainer on a toy Gemma: it learns, it resumes exactly, and its adapter is what llama.cpp expects."""

import json
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import pytest
import torch
from torch import nn

from models.reply.train import data_hash, run_training
from models.reply.training.loop import Outputs, Schedule, batches, train, tree_loss
from models.reply.training.lora import TARGETS, LoraLinear, attach, read_adapter, write_adapter
from models.reply.training.packs import Example, lay_out
from models.reply.training.run import Config, Run

RANK = 4
EXAMPLES = [Example((2, 5 + i % 7, 9), (20 + i % 7, 30, 1)) for i in range(40)]
PACKS = [EXAMPLES[first : first + 2] for first in range(0, 40, 2)]
LAYERS = 2


@pytest.fixture(scope="module")
def base_state() -> dict[str, Any]:
    return toy().state_dict()


def toy() -> Any:
    from transformers import Gemma3ForCausalLM, Gemma3TextConfig

    torch.manual_seed(0)
    config = Gemma3TextConfig(
        vocab_size=64, hidden_size=16, intermediate_size=32, num_hidden_layers=LAYERS, num_attention_heads=2,
        num_key_value_heads=1, head_dim=8, sliding_window=8, query_pre_attn_scalar=8,
    )  # fmt: skip
    return Gemma3ForCausalLM(config).requires_grad_(False)


def trainable(base_state: dict[str, Any]) -> tuple[Any, dict[str, nn.Parameter]]:
    model = toy()
    model.load_state_dict(base_state)
    torch.manual_seed(1)
    return model, attach(model.model.layers, rank=RANK, alpha=8.0, dropout=0.1)


def run(model: Any, tensors: dict[str, nn.Parameter], optimizer: Any, *, start: int, stop: int) -> list[float]:
    losses = []
    schedule = Schedule(steps=12, batch=2, rate=0.02, warm_up=2, seed=5)
    for step, info in train(model, list(tensors.values()), optimizer, PACKS, schedule, start=start):
        losses.append(info.loss)
        if step == stop:
            break
    return losses


def test_a_fresh_adapter_changes_nothing() -> None:
    base = nn.Linear(6, 5)
    x = torch.randn(3, 6)
    assert torch.equal(LoraLinear(base, rank=2, alpha=4, dropout=0.0)(x), base(x))


def test_the_loss_falls_and_only_the_adapter_moves(base_state: dict[str, Any]) -> None:
    model, tensors = trainable(base_state)
    losses = run(model, tensors, torch.optim.AdamW(tensors.values()), start=0, stop=12)
    assert losses[-1] < losses[0] - 0.05
    frozen = model.model.layers[0].mlp.up_proj.base.weight
    assert torch.equal(frozen, base_state["model.layers.0.mlp.up_proj.weight"])


def test_a_resumed_run_ends_where_an_unbroken_one_does(base_state: dict[str, Any]) -> None:
    model, whole = trainable(base_state)
    run(model, whole, torch.optim.AdamW(whole.values()), start=0, stop=8)

    model, broken = trainable(base_state)
    optimizer = torch.optim.AdamW(broken.values())
    run(model, broken, optimizer, start=0, stop=5)
    saved = [parameter.detach().clone() for parameter in broken.values()], optimizer.state_dict()
    model, resumed = trainable(base_state)
    with torch.no_grad():
        for parameter, value in zip(resumed.values(), saved[0], strict=True):
            parameter.copy_(value)
    optimizer = torch.optim.AdamW(resumed.values())
    optimizer.load_state_dict(saved[1])
    run(model, resumed, optimizer, start=5, stop=8)
    for name, parameter in whole.items():
        torch.testing.assert_close(parameter, resumed[name], msg=name)


def apart(model: Any, pack: list[Example], outputs: Outputs) -> torch.Tensor:
    """The loss of each row by itself, with the model's own causal mask."""
    losses = []
    for example in pack:
        hidden = model.model(input_ids=torch.tensor([example.tokens]), use_cache=False).last_hidden_state[0]
        start = len(example.prompt) - 1
        logits = model.lm_head(hidden[start:-1]).float()[:, outputs.rows] + outputs.raised
        wanted = torch.searchsorted(outputs.rows, torch.tensor(example.reply))
        weights = torch.tensor(example.weights or [1.0] * len(example.reply))
        losses.append((nn.functional.cross_entropy(logits, wanted, reduction="none") * weights).sum())
    return torch.stack(losses).sum()


def test_a_tree_has_the_losses_and_gradients_of_its_rows_apart(base_state: dict[str, Any]) -> None:
    """Branches longer than the toy's sliding window of 8, weights, and a row that is all trunk."""
    trunk = (2, 5, 6, 7, 8, 9, 10, 11, 12, 13)
    pack = [
        Example((*trunk, 20, 21), (30, 31, 32, 1), (4.0, 1.0, 1.0, 1.0)),
        Example((*trunk, 22, 23, 24, 25, 26), (33, 34, 35, 36, 37, 38, 39, 40, 1)),
        Example((*trunk, 22, 41), (42, 1)),
        Example(trunk, (43, 1)),
    ]
    model, tensors = trainable(base_state)
    with torch.no_grad():
        for name, parameter in tensors.items():
            if name.endswith("lora_b"):
                parameter.normal_(std=0.2)
    model.eval()
    outputs = Outputs.for_packs([pack], vocabulary=64, sample=64, seed=0)
    together = tree_loss(model, lay_out(pack), outputs)
    torch.autograd.backward(together)
    gradients = {name: parameter.grad.clone() for name, parameter in tensors.items() if parameter.grad is not None}
    for parameter in tensors.values():
        parameter.grad = None
    separate = apart(model, pack, outputs)
    torch.autograd.backward(separate)
    assert float(together.detach()) == pytest.approx(float(separate.detach()), rel=1e-5)
    for name, parameter in tensors.items():
        torch.testing.assert_close(gradients[name], parameter.grad, atol=1e-5, rtol=1e-3, msg=name)


def test_a_tree_computes_its_common_beginning_once() -> None:
    tree = lay_out([Example((2, 5, 6, 7), (9, 1)), Example((2, 5, 6, 8), (9, 1))])
    assert tree.ids.tolist() == [2, 5, 6, 7, 9, 1, 8, 9, 1]
    assert tree.positions.tolist() == [0, 1, 2, 3, 4, 5, 3, 4, 5]
    assert tree.wanted.tolist() == [-1, -1, -1, 9, 1, -1, 9, 1, -1]


def test_a_sample_of_outputs_gives_nearly_the_whole_loss(base_state: dict[str, Any]) -> None:
    model, _ = trainable(base_state)
    model.eval()
    tree = lay_out(EXAMPLES[:7])
    exact = float(tree_loss(model, tree, Outputs.for_packs(PACKS, vocabulary=64, sample=64, seed=0)).detach())
    sampled = [
        float(tree_loss(model, tree, Outputs.for_packs(PACKS, vocabulary=64, sample=8, seed=seed)).detach())
        for seed in range(20)
    ]
    assert sum(sampled) / len(sampled) == pytest.approx(exact, rel=0.01)


def test_batches_hold_every_pack_once_an_epoch_and_depend_on_the_seed_only() -> None:
    schedule = Schedule(steps=10, batch=2, seed=3)
    epoch = list(batches(PACKS, schedule))
    assert len(epoch) == 10
    assert sorted(str(pack) for batch in epoch for pack in batch) == sorted(map(str, PACKS))
    assert list(batches(PACKS, schedule)) == epoch
    assert len(list(batches(PACKS, Schedule(steps=23, batch=2)))) == 23


def test_the_rate_warms_up_and_falls() -> None:
    schedule = Schedule(steps=100, rate=1.0, warm_up=10)
    rates = [schedule.rate_at(step) for step in range(100)]
    assert rates[0] == pytest.approx(0.1)
    assert max(rates) == pytest.approx(1.0)
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert rates[-1] < 0.06


def test_the_adapter_file_holds_what_llama_cpp_reads(base_state: dict[str, Any], tmp_path: Path) -> None:
    _, tensors = trainable(base_state)
    path = tmp_path / "adapter.gguf"
    write_adapter(path, tensors, alpha=8.0, name="toy", architecture="gemma3")
    reader = gguf.GGUFReader(path)
    fields = {name: field.contents() for name, field in reader.fields.items()}
    assert fields["general.type"] == "adapter"
    assert fields["general.architecture"] == "gemma3"
    assert fields["adapter.type"] == "lora"
    assert fields["adapter.lora.alpha"] == 8.0
    written = {tensor.name: tensor for tensor in reader.tensors}
    assert set(written) == set(tensors)
    assert len(written) == LAYERS * len(TARGETS) * 2
    a = written["blk.1.ffn_down.weight.lora_a"]
    assert list(a.shape) == [32, RANK]  # gguf lists the fastest dimension first
    assert a.data.dtype == np.float16
    np.testing.assert_allclose(a.data, tensors[a.name].detach().numpy(), atol=1e-3)
    assert list(tmp_path.iterdir()) == [path]
    for name, tensor in read_adapter(path).items():
        torch.testing.assert_close(tensor, tensors[name].detach(), atol=1e-3, rtol=1e-2)


def test_an_adapter_of_a_rank_that_fills_blocks_takes_half_the_room_and_reads_back(tmp_path: Path) -> None:
    torch.manual_seed(3)
    tensors = {"blk.0.attn_q.weight.lora_a": torch.randn(32, 64), "blk.0.attn_q.weight.lora_b": torch.randn(64, 32)}
    write_adapter(tmp_path / "a.gguf", tensors, alpha=64.0, name="toy", architecture="gemma3")
    types = {tensor.tensor_type for tensor in gguf.GGUFReader(tmp_path / "a.gguf").tensors}
    assert types == {gguf.GGMLQuantizationType.Q8_0}
    for name, tensor in read_adapter(tmp_path / "a.gguf").items():
        torch.testing.assert_close(tensor, tensors[name], atol=0.02, rtol=0.02)


def test_a_run_goes_on_from_its_checkpoint_and_from_another_adapter(
    base_state: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.reply.training.run.load_base", lambda file, precision: toy())
    schedule = Schedule(steps=3, batch=2, rate=0.02, warm_up=1)
    config = Config(schedule=schedule, packs=20, rank=RANK, alpha=8.0, dropout=0.0, precision="fp32")
    out, work = tmp_path / "first", tmp_path / "work"
    run_training(Path("base"), PACKS, config, out=out, work=work)
    card = json.loads((out / "model.json").read_text())
    assert card["steps"] == 3
    assert card["before"] == []
    assert card["data"]["sha256"] == data_hash(PACKS)

    again = Run.begin(Path("base"), config, digest=data_hash(PACKS), begin_with=None)
    assert again.resume(work / "checkpoint.pt") == 3
    other = Run.begin(Path("base"), config, digest="other data", begin_with=None)
    assert other.resume(work / "checkpoint.pt") == 0

    further = Run.begin(Path("base"), config, digest="", begin_with=out)
    assert [before["version"] for before in further.before] == [card["version"]]
    torch.testing.assert_close(further.parameters[1], again.parameters[1], atol=1e-3, rtol=1e-2)
    assert further.parameters[1].abs().max() > 0
