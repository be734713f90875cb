"""Writes drafts with a model on a server. It sends the prompt's texts and nothing else of ticket, customer or agent."""

import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from typing import Any

from agent_assist.engine.protocol import SUMMARY_FIELDS, Draft, Rewrite, Summarise
from models.errors import RefusedError
from models.reply.chat import instructions
from models.reply.generation import Reply
from models.reply.prompt import STOPS, Prompt, render, render_rewrite, render_summary
from models.reply.remote.http import Client, RemoteError
from models.reply.types import DraftStats

logger = logging.getLogger(__name__)
_PROMPT_BUDGET = 4096
_LEAST_BUDGET = 768
_LONGEST_REPLY = 1024
_THINKS, _THOUGHT = "<think>", "</think>"
# Keeps Qwen, DeepSeek and their kin from thinking aloud first; servers that do not know it refuse it or ignore it.
_NO_THINKING: Mapping[str, Any] = {"chat_template_kwargs": {"enable_thinking": False}}


class RemoteWriter:
    """One model of one server. Not thread-safe: one worker owns it."""

    device = "server"

    def __init__(self, client: Client, *, model: str, name: str) -> None:
        self._client = client
        self._model = model
        self.version = f"{name}@{model}"
        self._budget = _PROMPT_BUDGET
        self._extras = dict(_NO_THINKING)

    @property
    def device_reason(self) -> str:
        """Where it runs, for people."""
        return f"{self._model} on the server at {self._client.address.shown}"

    @property
    def small(self) -> bool:
        """Nobody measured its limits."""
        return False

    def check(self) -> None:
        """Raises RemoteError where the server does not answer or has not the model."""
        names = served_models(self._client)
        if self._model not in names:
            there = ", ".join(names) or "no model"
            raise RemoteError(f"The server at {self._client.address.shown} serves {there}, not {self._model}.")

    def draft(self, request: Draft, *, should_stop: Callable[[], bool]) -> Iterator[str | DraftStats]:
        """Yield the reply in pieces, then its `DraftStats`, without a word on whether the passages answer.

        Raises Stopped, with the connection closed, and RemoteError. Token counts are estimates where the server gives
        none: one a Chinese character, one for every three other ones.
        """
        return self._written(
            request, lambda budget: render(request, count=estimate, budget=budget), should_stop=should_stop
        )

    def rewrite(self, request: Rewrite, *, should_stop: Callable[[], bool]) -> Iterator[str | DraftStats]:
        """Yield the text worded anew, like `draft`."""
        return self._written(
            request, lambda budget: render_rewrite(request, count=estimate, budget=budget), should_stop=should_stop
        )

    def summarise(self, request: Summarise, *, should_stop: Callable[[], bool]) -> Iterator[str | DraftStats]:
        """Yield the summary as one JSON object with its fields in order, at once; see `draft`.

        Raises RefusedError where the model writes anything else.
        """
        pieces = self._written(
            request, lambda budget: render_summary(request, count=estimate, budget=budget), should_stop=should_stop,
            stops=False,
        )  # fmt: skip
        for piece in pieces:
            if isinstance(piece, DraftStats):
                text = _summary(piece.text)
                yield text
                yield replace(piece, text=text, stopped_early=False)

    def _written(
        self,
        request: Draft | Rewrite | Summarise,
        rendered: Callable[[int], Prompt],
        *,
        should_stop: Callable[[], bool],
        stops: bool = True,
    ) -> Iterator[str | DraftStats]:
        while True:
            try:
                yield from self._attempt(request, rendered(self._budget), should_stop, stops)
                return
            except RemoteError as error:
                if not self._give_way(error):
                    raise

    def _give_way(self, error: RemoteError) -> bool:
        """After a refusal before the first token: without what is not in OpenAI's protocol, then with less text."""
        if error.status not in {400, 413, 422}:
            return False
        if self._extras:
            self._extras = {}
            return True
        if self._budget > _LEAST_BUDGET:
            self._budget //= 2
            logger.info("prompts for %s are cut to %d tokens", self.version, self._budget)
            return True
        return False

    def _attempt(
        self, request: Draft | Rewrite | Summarise, prompt: Prompt, should_stop: Callable[[], bool], stops: bool
    ) -> Iterator[str | DraftStats]:
        began = time.perf_counter()
        reply, thoughts = Reply(stops=STOPS if stops else ()), Thoughts()
        first_ms, used, ended = 0.0, dict[str, Any](), False
        body = self._body(request, prompt)
        with closing(self._client.stream("/chat/completions", body, should_stop=should_stop)) as events:
            for event in events:
                used = event.get("usage") or used
                text, ended_now = _piece(event)
                ended = ended or ended_now
                if not (text := thoughts.without(text)):
                    continue
                first_ms = first_ms or _since(began)
                if piece := reply.add(text.encode("utf-8", "replace")):
                    yield piece
                if reply.stopped:
                    break
        if piece := reply.flush():
            yield piece
        if not reply.text and not ended:
            raise RemoteError(f"The server at {self._client.address.shown} broke off.")
        yield DraftStats(
            text=reply.text,
            prompt_hash=prompt.hash,
            prompt_tokens=_number(used, "prompt_tokens") or estimate(prompt.text),
            prompt_cached=0,
            completion_tokens=_number(used, "completion_tokens") or reply.tokens,
            first_token_ms=first_ms or _since(began),
            total_ms=_since(began),
            stopped_early=not (reply.finished or ended),
        )

    def _body(self, request: Draft | Rewrite | Summarise, prompt: Prompt) -> dict[str, Any]:
        return {
            "model": self._model,
            "messages": [
                {"role": "system", "content": instructions(request)},
                {"role": "user", "content": prompt.body + prompt.cue},
            ],
            "max_tokens": min(request.max_tokens, _LONGEST_REPLY),
            "temperature": request.temperature if isinstance(request, Draft) else 0.0,
            "seed": request.seed if isinstance(request, Draft) else 0,
            "stream": True,
            **self._extras,
        }

    def close(self) -> None:
        """Nothing is held between two drafts."""


class Thoughts:
    """Takes what a model thinks aloud, between <think> and </think> at its beginning, out of a stream."""

    def __init__(self) -> None:
        self._held = ""
        self._over = False

    def without(self, text: str) -> str:
        """What of the text so far belongs to the reply and was not given out yet."""
        if self._over:
            return text
        self._held += text
        begun = self._held.lstrip()
        if begun.startswith(_THINKS):
            _, end, rest = begun.partition(_THOUGHT)
            if not end:
                return ""
            begun = rest.lstrip()
        elif _THINKS.startswith(begun):
            return ""  # it may become one
        self._over, self._held = True, ""
        return begun


def served_models(client: Client) -> list[str]:
    """Names of the models that a server has. Raises RemoteError."""
    answer = client.get("/models")
    rows = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(rows, list):
        raise RemoteError(f"The server at {client.address.shown} does not speak OpenAI's protocol.")
    return [str(row["id"]) for row in rows if isinstance(row, dict) and row.get("id")]


def estimate(text: str) -> int:
    """Tokens of a text for a vocabulary that is not known; rather too many."""
    wide = sum(char > "\u2e7f" for char in text)
    return wide + -(-(len(text) - wide) // 3)


def _summary(text: str) -> str:
    """The JSON object in what a model wrote, with the fields of a summary in their order."""
    try:
        told = json.loads(text[text.index("{") : text.rindex("}") + 1])
        fields = {name: str(told.get(name) or "") for name in SUMMARY_FIELDS}
    except (ValueError, AttributeError) as error:
        raise RefusedError("The server's model did not write a summary in the form that it was asked for.") from error
    return json.dumps(fields, ensure_ascii=False)


def _piece(event: dict[str, Any]) -> tuple[str, bool]:
    """The text of an event, and whether the model ended by itself with it."""
    choices = event.get("choices")
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        return "", False
    delta = choices[0].get("delta")
    text = delta.get("content") if isinstance(delta, dict) else ""
    return (text if isinstance(text, str) else ""), choices[0].get("finish_reason") == "stop"


def _number(used: dict[str, Any], name: str) -> int:
    value = used.get(name)
    return value if isinstance(value, int) else 0


def _since(began: float) -> float:
    return (time.perf_counter() - began) * 1000
