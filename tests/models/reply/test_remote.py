"""A model on a server: streaming, stopping, what is sent, what goes wrong, and the local model meanwhile."""

import json
import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent_assist.domain.tickets import Role
from agent_assist.domain.wording import Rewording
from agent_assist.engine.protocol import SUMMARY_FIELDS, Draft, GroundingPassage, Rewrite, Summarise, Turn
from models.errors import RefusedError, Stopped
from models.inspect import main as inspect_main
from models.reply.choice import STARTER, Choice, Server, chosen
from models.reply.loading import ReplyModels
from models.reply.remote.address import AddressError, parse, resolve
from models.reply.remote.http import Client, RemoteError
from models.reply.remote.served import ServedModel
from models.reply.remote.writer import RemoteWriter, Thoughts, estimate
from models.reply.types import DraftStats
from tests.helpers.chat_server import ChatServer, chat_server
from tests.helpers.tiny_gguf import make_gguf

REQUEST = Draft(
    id="ticket-77",
    ticket_id="secret-ticket-id",
    language="en",
    thread=[Turn(role=Role.CUSTOMER, text="Can I return it?")],
    passages=[GroundingPassage(doc_id="doc-9", title="Returns", text="Within 9 days.")],
    hint="be brief",
    max_tokens=64,
    seed=5,
)


def never() -> bool:
    return False


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with chat_server() as state:
        yield state


def writer(server: ChatServer, **fields: object) -> RemoteWriter:
    return RemoteWriter(Client(parse(server.url), **fields), model="tiny-chat", name="mine")  # type: ignore[arg-type]


def write(found: RemoteWriter | ServedModel, request: Draft = REQUEST) -> tuple[list[str], DraftStats]:
    *pieces, stats = found.draft(request, should_stop=never)
    assert isinstance(stats, DraftStats)
    return [str(piece) for piece in pieces], stats


def test_a_draft_streams(server: ChatServer) -> None:
    pieces, stats = write(writer(server))
    assert len(pieces) == 3
    assert "".join(pieces) == stats.text == "You can return it within 9 days."
    assert (stats.prompt_tokens, stats.completion_tokens, stats.stopped_early) == (77, 11, False)
    assert stats.answerable is None
    assert 0 < stats.first_token_ms <= stats.total_ms


def test_only_what_the_prompt_needs_is_sent(server: ChatServer) -> None:
    write(writer(server, key="k-123"))
    [asked], [headers] = server.asked, server.headers
    assert set(asked) == {
        "model", "messages", "max_tokens", "temperature", "seed", "stream", "chat_template_kwargs",
    }  # fmt: skip
    assert [one["role"] for one in asked["messages"]] == ["system", "user"]
    assert "Within 9 days." in asked["messages"][1]["content"]
    for private in ("secret-ticket-id", "ticket-77", "doc-9", "k-123"):
        assert private not in json.dumps(asked)
    assert headers["Authorization"] == "Bearer k-123"
    assert set(headers) == {
        "Accept-Encoding", "Accept", "Host", "Content-Type", "Content-Length", "Authorization",
    }  # fmt: skip


@pytest.mark.parametrize("state", [{"hang_before": True}, {"hang_after": 1}])
def test_a_stop_closes_the_connection(server: ChatServer, state: dict[str, object]) -> None:
    for name, value in state.items():
        setattr(server, name, value)
    stop = threading.Event()
    stream = writer(server).draft(REQUEST, should_stop=stop.is_set)
    if server.hang_after:
        assert next(stream) == "You can"
    threading.Timer(0.1, stop.set).start()
    with pytest.raises(Stopped):
        list(stream)
    assert server.disconnected.wait(5)


def test_a_reply_that_nobody_reads_to_its_end_closes_it_too(server: ChatServer) -> None:
    server.pieces = ["one", "\n\ntwo", "three"]
    server.hang_after = 2
    _, stats = write(writer(server))
    assert stats.text == "one"
    assert server.disconnected.wait(5)


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ({"hang_before": True}, "does not answer in time"),
        ({"break_after": 0}, "broke off"),
        ({"plain": b"<html>login</html>"}, "broke off"),
        ({"plain": b"data: {nonsense\n\n"}, "does not speak OpenAI"),
        ({"plain": b'data: {"error": {"type": "overloaded"}}\n\n'}, r"refuses \(200\): overloaded"),
        ({"refuse": [500]}, r"refuses \(500\): invalid_request_error"),
        ({"key": "other"}, "wants another key"),
        ({"redirect": "http://127.0.0.1:1/"}, "sends on to another address"),
    ],
)
def test_what_goes_wrong_is_a_sentence_without_the_customer_s_words(
    server: ChatServer, state: dict[str, object], told: str, caplog: pytest.LogCaptureFixture
) -> None:
    for name, value in state.items():
        setattr(server, name, value)
    caplog.set_level(logging.DEBUG)
    with pytest.raises(RemoteError, match=told) as caught:
        write(writer(server, key="k-123", first_s=0.3, between_s=0.3, connect_s=0.3))
    for text in (str(caught.value), caplog.text):
        for private in ("return it", "SECRET", "k-123", "9 days"):
            assert private not in text


def test_a_stream_that_sends_no_end_is_told_apart_from_one_that_ran_out_of_tokens(server: ChatServer) -> None:
    server.finish = "length"
    assert write(writer(server))[1].stopped_early


def test_a_server_that_knows_only_the_bare_protocol_is_asked_again(server: ChatServer) -> None:
    server.refuse = [400]
    found = writer(server)
    assert write(found)[1].text
    assert ["chat_template_kwargs" in asked for asked in server.asked] == [True, False]
    write(found)
    assert len(server.asked) == 3  # learned


def test_a_prompt_that_is_too_long_for_the_server_is_cut(server: ChatServer) -> None:
    server.refuse = [400, 400]
    long = Draft(id="1", language="en", thread=[Turn(role=Role.CUSTOMER, text="Why? " * 6000)], passages=[])
    assert write(writer(server), long)[1].text
    lengths = [len(asked["messages"][1]["content"]) for asked in server.asked]
    assert lengths[2] < lengths[1] / 1.5


def test_thoughts_are_not_shown(server: ChatServer) -> None:
    server.pieces = ["<th", "ink>\nthe customer", " wants…\n</thi", "nk>\n\n", "Yes, ", "you can."]
    assert write(writer(server))[1].text == "Yes, you can."
    assert Thoughts().without("<b>no</b>") == "<b>no</b>"


def test_a_text_is_worded_anew_and_a_thread_summed_up(server: ChatServer) -> None:
    rewrite = Rewrite(id="1", text="Yes. 9 days.", manner=Rewording.WARM, language="en")
    *_, stats = writer(server).rewrite(rewrite, should_stop=never)
    assert isinstance(stats, DraftStats)
    assert stats.text == "You can return it within 9 days."
    assert "warm" in server.asked[0]["messages"][0]["content"]
    summarise = Summarise(id="2", thread=REQUEST.thread, language="en")
    server.pieces = ["```json\n{", '"open": null,\n\n "problem": "Wants to', ' return it.", "other": 1}\n```']
    *pieces, stats = writer(server).summarise(summarise, should_stop=never)
    assert isinstance(stats, DraftStats)
    assert json.loads(stats.text) == {"problem": "Wants to return it.", "done": "", "open": "", "next": ""}
    assert list(json.loads(stats.text)) == list(SUMMARY_FIELDS)
    assert pieces == [stats.text]
    server.pieces = ["The customer wants to return it."]
    with pytest.raises(RefusedError):
        list(writer(server).summarise(summarise, should_stop=never))


def test_tokens_are_rather_over_than_underestimated() -> None:
    assert estimate("退货政策") == 4
    assert estimate("Can I return it?") == 6


# -- addresses ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://192.168.1.20:8080/v1", "http://192.168.1.20:8080/v1"),
        ("http://localhost:8000", "http://localhost:8000/v1"),
        ("https://llm.lan/openai/v1/chat/completions", "https://llm.lan:443/openai/v1"),
        ("http://[::1]:8080/v1/", "http://[::1]:8080/v1"),
    ],
)
def test_addresses_as_people_write_them(url: str, shown: str) -> None:
    assert parse(url).url == shown


@pytest.mark.parametrize(
    "url", ["ftp://x/v1", "http://", "http://user:pw@h/v1", "http://h:99999/v1", "http://h/v1?key=1", "file:///etc"]
)
def test_what_is_no_address_of_a_server_is_refused(url: str) -> None:
    with pytest.raises(AddressError):
        parse(url)


@pytest.mark.parametrize(
    ("ip", "local"),
    [
        ("127.0.0.1", True), ("::1", True), ("10.1.2.3", True), ("192.168.0.9", True), ("172.20.0.1", True),
        ("fd00::5", True), ("8.8.8.8", False), ("2001:4860::1", False), ("169.254.169.254", False),
        ("0.0.0.0", False), ("100.64.0.1", False), ("::ffff:8.8.8.8", False), ("224.0.0.1", False),
    ],
)  # fmt: skip
def test_only_the_local_network_is_spoken_to(ip: str, local: bool) -> None:
    address = parse("http://model.example:80/v1")
    if local:
        assert resolve(address, allow_public=False, look_up=lambda host, port: [ip]) == ip
    else:
        with pytest.raises(AddressError, match="outside the local network"):
            resolve(address, allow_public=False, look_up=lambda host, port: [ip])


def test_a_public_server_takes_a_word_of_the_user_s() -> None:
    address = parse("https://model.example/v1")
    assert resolve(address, allow_public=True, look_up=lambda host, port: ["8.8.8.8"]) == "8.8.8.8"
    with pytest.raises(AddressError):
        resolve(address, allow_public=True, look_up=lambda host, port: ["169.254.169.254"])


# -- the local model meanwhile --------------------------------------------------------------------------------


@pytest.fixture
def spare(tmp_path: Path) -> Iterator[ReplyModels]:
    model = make_gguf(tmp_path / "reply" / STARTER / "model.gguf")
    choice = Choice(model=model, adapter=None, version=STARTER, name=STARTER)
    found = ReplyModels(tmp_path, gpu_layers=0, choice=choice)
    yield found
    found.close()


def served(url: str, spare: ReplyModels, **fields: float) -> ServedModel:
    return ServedModel(Server(url=url, model="tiny-chat"), name="mine", spare=lambda: spare, **fields)


def test_drafts_go_on_locally_while_the_server_is_away_and_return_to_it(spare: ReplyModels) -> None:
    with chat_server() as state:
        found = served(state.url, spare, ask_again_s=0.05)
        assert (found.version, found.device, found.problem) == ("mine@tiny-chat", "server", "")
        assert write(found)[1].text == "You can return it within 9 days."
    assert write(found)[1].completion_tokens > 0
    assert found.version == STARTER
    assert f"127.0.0.1:{state.port} does not answer (connection refused)" in found.problem
    assert f"Drafts go on with the local model ({STARTER})" in found.device_reason
    with chat_server(port=state.port):
        assert found._up.wait(10)
        assert found.version == "mine@tiny-chat"
        assert write(found)[1].text == "You can return it within 9 days."
    found.close()


def test_a_server_that_is_away_at_the_start_is_no_hindrance(spare: ReplyModels) -> None:
    with chat_server() as state:
        pass
    found = served(state.url, spare, ask_again_s=60)
    assert found.version == STARTER
    assert write(found)[1].completion_tokens > 0
    found.close()


def test_a_server_that_lost_the_model_is_away(spare: ReplyModels) -> None:
    with chat_server(ChatServer(models=["another"])) as state:
        found = served(state.url, spare, ask_again_s=60)
    assert "serves another, not tiny-chat" in found.problem
    found.close()


def test_a_stream_that_breaks_in_the_midst_fails_and_the_next_one_is_local(spare: ReplyModels) -> None:
    """What was shown cannot be taken back here: the service asks anew and tells the screen."""
    with chat_server(ChatServer(hang_after=1)) as state:
        found = served(state.url, spare, ask_again_s=60)
        found._writer._client._between_s = 0.2
        stream = found.draft(REQUEST, should_stop=never)
        assert next(stream) == "You can"
        with pytest.raises(RemoteError):
            list(stream)
        assert write(found)[1].completion_tokens > 0
        assert found.version == STARTER
    found.close()


def test_the_card_says_which_server(tmp_path: Path) -> None:
    folder = tmp_path / "reply" / "mine"
    folder.mkdir(parents=True)
    card = {"kind": "server", "active": True, "url": "http://h/v1", "model": "m", "key_service": "s", "key_user": "u"}
    (folder / "model.json").write_text(json.dumps(card), encoding="utf-8")
    choice = chosen(tmp_path)
    assert choice.server == Server(url="http://h/v1", model="m", service="s", user="u")
    assert (choice.name, choice.model.parent.name) == ("mine", STARTER)


def test_inspection_asks_the_server(
    server: ChatServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["inspect", server.url])
    inspect_main()
    found = json.loads(capsys.readouterr().out)
    assert found == {"kind": "server", "name": "127.0.0.1-tiny-chat", "url": server.url, "model": "tiny-chat"}
    server.models = ["a", "b"]
    with pytest.raises(SystemExit):
        inspect_main()
    assert "serves a, b; name the one to use with --model" in capsys.readouterr().err
