"""What strangers' bytes are fed to, and what must hold whatever they are.

A feed takes any bytes and says whether they were sound; whatever else leaves it is a
finding. A right signature or seal is put on where one is asked for, so that what lies
behind is read.
"""

import json
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7
from msgspec import structs

from miniprogram_api.callbacks import Callbacks
from miniprogram_api.decrypt import decrypt
from miniprogram_api.errors import OpenDataUnreadable, PushRefused
from models.base import inspection, pages
from models.base.clock import SetClock, day_of
from models.base.context import Context
from models.base.errors import Refusal
from models.base.inspection import Purpose, Upload
from models.base.secrets import Secrets
from models.eligibility import facts
from models.eligibility.checks import compile_rule
from models.eligibility.evaluate import evaluate
from models.policies.search import highlight, shelf, synonyms
from models.policies.search.question import understand
from models.stations import codes, hours
from models.trainings import catalogue
from models.workers import tokens
from models.workers.tokens import Port
from scripts.wechat_simulator import APPID
from scripts.wechat_simulator.envelopes import sign
from tests.miniprogram_api.pushing import AES_KEY, AT, NOW, TOKEN, callbacks
from tests.models.policies.search import corpus

KEY = bytes(range(32))
SECRETS = Secrets(
    seal_keys=[Fernet.generate_key()], blind_keys=[KEY], token_keys={"one": KEY}
)
CTX = Context(
    **dict.fromkeys(("db", "redis", "wechat", "loader")),  # type: ignore[arg-type]
    clock=SetClock(NOW),
    secrets=SECRETS,
)
"""With a clock and keys; nothing that is fed here asks a server."""


def cursors(content: bytes) -> bool:
    """A cursor is a place, written again as the same one, or refused."""
    places: list[Any] = []
    for shape in (str, int, tuple[int, str, int | None], catalogue.Spot):
        for told in (content.decode("latin1"), _letters(content)):
            with suppress(pages.BadCursor):
                places.append(pages.decode(told, shape))
                assert pages.decode(pages.encode(places[-1]), shape) == places[-1]
    return bool(places)


def pushes(content: bytes) -> bool:
    """WeChat's words, rightly signed, are read or refused."""
    query = {"timestamp": str(AT), "nonce": "n"}
    query["signature"] = sign(TOKEN, str(AT), "n")
    return _is_opened(PLAIN, query, content)


def sealed_pushes(content: bytes) -> bool:
    """What comes out of a rightly sealed push is read or refused."""
    key = b64decode(AES_KEY + "=")
    encrypted = b64encode(_sealed(key, key[:16], content, 256)).decode()
    query = {"timestamp": str(AT), "nonce": "n"}
    query["msg_signature"] = sign(TOKEN, str(AT), "n", encrypted)
    return _is_opened(SEALED, query, json.dumps({"Encrypt": encrypted}).encode())


PLAIN, SEALED = callbacks(aes_key=None), callbacks()


def _is_opened(console: Callbacks, query: dict[str, str], body: bytes) -> bool:
    try:
        return bool(console.open(query, body).key)
    except PushRefused:
        return False


def open_data(content: bytes) -> bool:
    """What a phone hands on from WeChat is ours and fresh, or refused."""
    key = iv = KEY[:16]
    sealed = b64encode(_sealed(key, iv, content, 128)).decode()
    lettered = b64encode(iv).decode()
    try:
        told = decrypt(lettered, sealed, lettered, appid=APPID, now=NOW)
    except OpenDataUnreadable:
        return False
    assert told["watermark"]["appid"] == APPID
    return True


def access_tokens(content: bytes) -> bool:
    """A token that we did not sign lets nobody in."""
    try:
        claims = tokens.read(SECRETS, content.decode("latin1"), now=NOW)
    except tokens.TokenInvalid:
        return False
    assert content == OURS, claims
    return True


OURS = tokens.make(
    SECRETS, owner_id="worker_one", session_id="session_one", port=Port.WORKER, now=NOW
).encode()


def scanned(content: bytes) -> bool:
    """A code says what stands in it, or is refused, also one that we signed."""
    text, taken = content.decode("latin1"), 0
    for purpose, read in READS.items():
        signed = f"{text}.{SECRETS.sign(purpose, text)}"
        for code in (text, signed):
            with suppress(Refusal):
                said = structs.astuple(read(CTX, code))
                assert all(str(part or codes.VISIT) in code for part in said)
                taken += 1
    return bool(taken)


READS: dict[str, Callable[[Context, str], Any]] = {
    "station_code": codes.read_station,
    "worker_code": codes.read_worker,
}


def opening_hours(content: bytes) -> bool:
    """Hours that are taken have an answer on any day."""
    try:
        taken = hours.parse(_json(content))
    except Refusal:
        return False
    for days in (0, 1, 40):
        moment = NOW + timedelta(days=days)
        assert taken.state_at(moment).status
        taken.open_intervals(day_of(moment))
    return True


def rule_trees(content: bytes) -> bool:
    """A rule has a verdict, sound or not; what is none has problems."""
    rule, problems = compile_rule(_json(content))
    assert rule or problems
    if rule is not None:
        assert evaluate(rule, facts.decode({}), {}).status
    return not problems


def what_one_says(content: bytes) -> bool:
    """What people say of themselves is read or refused."""
    said, read = _json(content), 0
    for reader in (facts.decode, facts.decode_dates):
        with suppress(Refusal):
            reader(said)
            read += 1
    return bool(read)


def searches(content: bytes) -> bool:
    """What is looked for is understood, and marking it changes no letter."""
    asked, _, title = content.decode("utf-8", "replace").partition("\n")
    question = understand(asked, synonyms.NONE)
    found = shelf.record(corpus.entry(title, summary=title), shelf.ALWAYS)
    needles = highlight.Needles.of(question)
    marked = highlight.title(found, needles)
    assert "".join(segment.text for segment in marked) == title
    highlight.snippet(found, needles)
    return any(segment.hit for segment in marked)


def uploads(content: bytes) -> bool:
    """A file is kept as what it is, under a name that harms nobody, or refused."""
    name, _, body = content.partition(b"\n")
    try:
        upload = Upload(name.decode("utf-8", "replace"), body)
        kept = inspection.look_at(upload, Purpose.ATTACHMENT, SECRETS)
    except Refusal:
        return False
    assert not set(kept.name) & set('/\\:*?"<>|\x00\u202e')
    return True


def _json(content: bytes) -> Any:
    """Return what the bytes say; nothing, if they are no JSON."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _letters(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _sealed(key: bytes, iv: bytes, plain: bytes, block_bits: int) -> bytes:
    padder = PKCS7(block_bits).padder()
    encryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
    return encryptor.update(padder.update(plain) + padder.finalize())
