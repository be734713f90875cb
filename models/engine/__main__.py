"""The engine program: `python -m models.engine --models DIR`."""

import argparse
import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

# Before any numeric library: idle OpenMP threads that spin starve whatever runs beside them.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
# Nothing here may look for a hub on the network.
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")

from models.engine.server import Server
from models.reply.evidence.layout import ADAPTER_FILE as READER_FILE
from models.reply.evidence.layout import NAME as STARTER_READER
from models.reply.trial import Trials
from models.reranker.choice import chosen_reranker

if TYPE_CHECKING:
    from models.reply.evidence.finder import EvidenceFinder
    from models.reply.loading import ReplyModels
    from models.reply.remote.served import ServedModel
    from models.reranker.cross_encoder import CrossEncoder
    from models.understanding.reader import Reader


def main() -> None:
    """Serve one client on standard input and output."""
    options = _options()
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    # Libraries print to standard output at will; the protocol keeps a descriptor of its own.
    protocol_out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    models_dir: Path = options.models

    def load_encoder(device: str) -> "Reader":
        from models.understanding.averaging import load_reader

        return load_reader(models_dir, device=options.device if device == "auto" else device)

    def load_reply(device: str) -> "ReplyModels | ServedModel":
        from models.reply.choice import chosen, starter
        from models.reply.loading import ReplyModels

        gpu_layers = 0 if "cpu" in (device, options.device) else options.gpu_layers
        choice = chosen(models_dir)
        if choice.server is None:
            return ReplyModels(models_dir, gpu_layers=gpu_layers, choice=choice)
        from models.reply.remote.served import ServedModel

        spare = starter(models_dir)
        return ServedModel(
            choice.server,
            name=choice.name,
            spare=lambda: ReplyModels(models_dir, gpu_layers=gpu_layers, choice=spare),
        )

    chosen = chosen_reranker(models_dir)

    def load_reranker(device: str) -> "CrossEncoder":
        from models.reranker.cross_encoder import CrossEncoder

        assert chosen is not None
        return CrossEncoder.load(chosen, device=options.device if device == "auto" else device)

    reading = models_dir / "evidence" / STARTER_READER

    def load_reader(device: str) -> "EvidenceFinder":
        from models.reply.evidence.shared import shared_finder

        return shared_finder(reading)

    Server(
        sys.stdin.buffer,
        protocol_out,
        encoder=load_encoder,
        reply=load_reply,
        reranker=load_reranker if chosen else None,
        reader=load_reader if (reading / READER_FILE).is_file() else None,
    ).serve()
    Trials(models_dir).leave()
    # Worker threads may be deep inside native code; there is nothing of theirs to save.
    protocol_out.flush()
    os._exit(0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m models.engine", description=__doc__)
    parser.add_argument("--models", type=Path, required=True, metavar="DIR", help="folder of the built models")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--gpu-layers", type=int, default=None, help="layers of the reply model on the GPU")
    return parser.parse_args()


if __name__ == "__main__":
    main()
