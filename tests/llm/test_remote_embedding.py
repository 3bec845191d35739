"""Vectors by a provider's model: what is asked for, and what is made of each kind of answer."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from pydantic import SecretStr

from conduet.llm import remote_embedding
from conduet.llm.errors import MalformedAnswer, RateLimited, TimedOut, Unauthorized
from conduet.llm.remote_embedding import RemoteEmbedder, opened
from conduet.providers.openai import OpenAI
from tests.providers.playing import KEY, Playing, Reply, direct, playing


@asynccontextmanager
async def asking(*replies: Reply) -> AsyncGenerator[tuple[OpenAI, Playing]]:
    """A provider whose server gives these answers."""
    async with playing(*replies) as server, direct() as opener:
        yield OpenAI(api_key=SecretStr(KEY), base_url=server.url, opener=opener), server


def vectors(*rows: object) -> Reply:
    return Reply.json({"data": [{"index": index, "embedding": row} for index, row in enumerate(rows)]})


async def test_vectors_have_the_length_of_one() -> None:
    async with asking(vectors([3.0, 4.0], [0.0, 0.0])) as (provider, server):
        found = await RemoteEmbedder(provider, "m", dim=2).embed(["one", ""], query=False)
        assert found.round(6).tolist() == [[pytest.approx(0.6), pytest.approx(0.8)], [0.0, 0.0]]
        asked = server.asked[0]
    assert asked.body == {"model": "m", "input": ["one", " "], "encoding_format": "float"}
    assert asked.path.endswith("/embeddings")


async def test_many_texts_are_asked_for_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_embedding, "AT_ONCE", 2)
    async with asking(vectors([1.0], [-1.0]), vectors([1.0])) as (provider, server):
        found = await RemoteEmbedder(provider, "m", dim=1).embed(["a", "b", "c"], query=False)
        assert found.tolist() == [[1.0], [-1.0], [1.0]]
        assert [asked.body["input"] for asked in server.asked] == [["a", "b"], ["c"]]


async def test_how_long_its_vectors_are_is_found_out() -> None:
    async with asking(vectors([1.0, 2.0, 3.0])) as (provider, _):
        found = await opened(provider, "m")
    assert (found.model, found.dim, found.sha256) == ("openai:m", 3, "")


@pytest.mark.parametrize(
    "reply",
    [
        vectors([1.0, 0.0]),
        vectors([1.0, 0.0], [1.0]),
        vectors([1.0, 0.0], None),
        vectors([1.0, 0.0, 0.0], [1.0, 0.0, 0.0]),
        vectors([1.0, 0.0], ["a", "b"]),
        Reply.json({"data": {}}),
        Reply.json([]),
        Reply(b"<html>"),
        Reply(f'{{"data": [{{"embedding": [{10**400}, 1]}}, {{"embedding": [1, 1]}}]}}'.encode()),
    ],
    ids=["too few", "ragged", "none", "too long", "texts", "no list", "another list", "no JSON", "no numbers"],
)
async def test_what_is_no_vector_for_each_text_is_told(reply: Reply) -> None:
    async with asking(reply) as (provider, _):
        with pytest.raises(MalformedAnswer):
            await RemoteEmbedder(provider, "m", dim=2).embed(["a", "b"], query=False)


async def test_a_refusal_says_what_is_wrong_without_the_key() -> None:
    refusal = {"error": {"message": f"Incorrect API key provided: {KEY}", "code": "invalid_api_key"}}
    async with asking(Reply.json(refusal, status=401)) as (provider, _):
        with pytest.raises(Unauthorized) as caught:
            await RemoteEmbedder(provider, "m", dim=2).embed(["a"], query=True)
    assert KEY not in caught.value.said
    async with asking(Reply.json({"error": {"message": "slow down"}}, status=429)) as (provider, _):
        with pytest.raises(RateLimited):
            await RemoteEmbedder(provider, "m", dim=2).embed(["a"], query=True)


async def test_a_question_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_embedding, "QUERY_SECONDS", 0.05)
    async with asking(Reply(then="hang")) as (provider, _):
        with pytest.raises(TimedOut):
            await RemoteEmbedder(provider, "m", dim=2).embed(["a"], query=True)


async def test_no_texts_are_no_request() -> None:
    async with asking() as (provider, server):
        found = await RemoteEmbedder(provider, "m", dim=2).embed([], query=False)
        assert found.shape == (0, 2)
        assert not server.asked
