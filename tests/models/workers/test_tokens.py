"""Access tokens: ours and alive, or refused; never a surprise."""

import base64
import os
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from models.base.errors import Refusal
from models.base.secrets import Secrets
from models.workers import tokens
from models.workers.tokens import ACCESS_LIFE, Port, TokenExpired, TokenInvalid

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
OLD, NEW = os.urandom(64), os.urandom(64)


def secrets_with(**token_keys):
    return Secrets(
        seal_keys=[Fernet.generate_key()], blind_keys=[b"b" * 32], token_keys=token_keys
    )


SECRETS = secrets_with(old=OLD)


def token_of(secrets=SECRETS, port=Port.WORKER):
    return tokens.make(
        secrets, owner_id="worker_1", session_id="session_1", port=port, now=NOW
    )


def test_a_token_says_whose_it_is_and_which_port_it_opens():
    claims = tokens.read(SECRETS, token_of(), now=NOW)
    assert (claims.sub, claims.sid, claims.port) == (
        "worker_1",
        "session_1",
        Port.WORKER,
    )


def test_a_token_lives_a_quarter_of_an_hour_by_the_clock_of_the_house():
    token = token_of()
    tokens.read(SECRETS, token, now=NOW + ACCESS_LIFE - timedelta(milliseconds=1))
    with pytest.raises(TokenExpired):
        tokens.read(SECRETS, token, now=NOW + ACCESS_LIFE)


def test_a_new_key_takes_over_while_tokens_of_the_old_one_live_on():
    before = token_of()
    rotated = secrets_with(new=NEW, old=OLD)
    after = token_of(rotated)
    assert jwt.get_unverified_header(after)["kid"] == "new"
    assert tokens.read(rotated, before, now=NOW).sub == "worker_1"
    assert tokens.read(rotated, after, now=NOW).sub == "worker_1"
    retired = secrets_with(new=NEW)
    assert tokens.read(retired, after, now=NOW).sub == "worker_1"
    with pytest.raises(TokenInvalid):
        tokens.read(retired, before, now=NOW)


def told(**other):
    """Return what the library reads in a token of ours, or something like it."""
    ours = {"verify_exp": False, "verify_iat": False}
    return jwt.decode(token_of(), OLD, algorithms=["HS256"], options=ours) | other


def test_what_the_library_signs_is_read_as_the_library_reads_it():
    token = jwt.encode(told(sub="工人"), OLD, "HS256", headers={"kid": "old"})
    claims = tokens.read(SECRETS, token, now=NOW)
    assert told(sub="工人") == {**structs.asdict(claims), "iat": int(NOW.timestamp())}


def part(told: bytes):
    return base64.urlsafe_b64encode(told).rstrip(b"=").decode()


def forged(header: bytes):
    return f"{part(header)}.{token_of().split('.')[1]}."


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "..",
        "a.b.c",
        token_of()[:-2] + "AA",
        token_of() + "x" * 500,
        token_of(secrets_with(old=NEW)),
        token_of(secrets_with(other=OLD)),
        jwt.encode({"sub": "worker_1"}, OLD, "HS256", headers={"kid": "old"}),
        jwt.encode({"sub": "worker_1"}, OLD, "HS256"),
        jwt.encode({"sub": "worker_1"}, OLD, "HS512", headers={"kid": "old"}),
        jwt.encode(told(), OLD, "HS512", headers={"kid": "old"}),
        jwt.encode(told(), OLD, "HS256", headers={"kid": "old", "crit": ["b64"]}),
        jwt.encode(told(), OLD, "HS256", headers={"kid": "old", "typ": "at+jwt"}),
        jwt.encode(told(port="attic"), OLD, "HS256", headers={"kid": "old"}),
        jwt.encode(told(exp="never"), OLD, "HS256", headers={"kid": "old"}),
        jwt.encode(told(), OLD, "HS256", headers={"kid": "old"}) + "=",
        "." + token_of(),
        token_of() + ".",
        forged(b'{"alg":"none","kid":"old"}'),
        forged(b'{"alg":"HS256","kid":["old"]}'),
        forged(b'{"alg":"HS256","kid":{}}'),
        forged(b"[" * 150),
        forged(b"\xff\xfe"),
    ],
)
def test_what_is_not_ours_is_refused(token):
    with pytest.raises(TokenInvalid):
        tokens.read(SECRETS, token, now=NOW)


letters = st.text(
    st.characters(codec="utf-8") | st.sampled_from(token_of()), max_size=600
)


@given(st.one_of(letters, st.tuples(letters, letters, letters).map(".".join)))
def test_no_text_is_a_surprise(text):
    with pytest.raises(Refusal):
        tokens.read(SECRETS, text, now=NOW)


@given(st.data())
def test_a_token_with_one_letter_changed_is_refused(data):
    token = token_of()
    place = data.draw(st.integers(0, len(token) - 2))
    letter = data.draw(st.sampled_from("ABCXYZabcxyz0189-_."))
    if token[place] == letter:
        return
    with pytest.raises(TokenInvalid):
        tokens.read(SECRETS, token[:place] + letter + token[place + 1 :], now=NOW)
