"""Open data: read when it is ours and fresh; else always the same one error."""

import json
import os
from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7
from hypothesis import given, settings
from hypothesis import strategies as st

from miniprogram_api.decrypt import decrypt, is_signed
from miniprogram_api.errors import Advice, OpenDataUnreadable
from scripts.wechat_simulator import APPID
from scripts.wechat_simulator.open_data import encrypt

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
KEY = "tiihtNczf5v6AKRyjwEUhQ=="
MARK = {"timestamp": int(NOW.timestamp()), "appid": APPID}
STEPS = {"stepInfoList": [{"timestamp": 1, "step": 100}], "watermark": MARK}
SEALED = encrypt(KEY, STEPS)


def read(key=KEY, encrypted=SEALED["encryptedData"], iv=SEALED["iv"]):
    return decrypt(key, encrypted, iv, appid=APPID, now=NOW)


def seal(plain: bytes) -> tuple[str, str]:
    """Encrypt any bytes under KEY, properly padded."""
    iv = os.urandom(16)
    padder = PKCS7(128).padder()
    padded = padder.update(plain) + padder.finalize()
    encryptor = Cipher(algorithms.AES(b64decode(KEY)), modes.CBC(iv)).encryptor()
    sealed = encryptor.update(padded) + encryptor.finalize()
    return b64encode(sealed).decode(), b64encode(iv).decode()


def unreadable(**given_):
    with pytest.raises(OpenDataUnreadable) as error:
        read(**given_)
    assert str(error.value) == "open data cannot be read"
    assert error.value.__cause__ is None
    assert error.value.advice is Advice.SIGN_IN_AGAIN


PUBLISHED = (
    "CiyLU1Aw2KjvrjMdj8YKliAjtP4gsMZMQmRzooG2xrDcvSnxIMXFufNstNGTyaGS9uT5geRa0W4oTOb1W"
    "T7fJlAC+oNPdbB+3hVbJSRgv+4lGOETKUQz6OYStslQ142dNCuabNPGBzlooOmB231qMM85d2/fV6ChevvXv"
    "QP8Hkue1poOFtnEtpyxVLW1zAo6/1Xx1COxFvrc2d7UL/lmHInNlxuacJXwu0fjpXfz/YqYzBIBzD6WUfTI"
    "F9GRHpOn/Hz7saL8xz+W//FRAUid1OksQaQx4CMs8LOddcQhULW4ucetDf96JcR3g0gfRK4PC7E/r7Z6xNrX"
    "d2UIeorGj5Ef7b1pJAYB6Y5anaHqZ9J6nKEBvB4DnNLIVWSgARns/8wR2SiRS7MNACwTyrGvt9ts8p12PKFd"
    "lqYTopNHR1Vf7XjfhQlVsAJdNiKdYmYVoKlaRv85IfVunYzO0IKXsyl7JCUjCpoG20f0a04COwfneQAGGwd5"
    "oa+T8yO5hzuyDb/XcxxmK01EpqOyuxINew=="
)


def test_the_published_example_is_read():
    told = decrypt(
        KEY,
        PUBLISHED,
        "r7BXXKkLb8qrSNn05n0qiA==",
        appid="wx4f4bc4dec97d474b",
        now=datetime.fromtimestamp(1477314187, UTC),
    )
    assert told["nickName"] == "Band"
    assert told["openId"] == "oGZUI0egBJY1zhBYw2KhdUfwVJJE"


def test_the_published_raw_data_is_signed():
    raw = (
        '{"nickName":"Band","gender":1,"language":"zh_CN","city":"Guangzhou",'
        '"province":"Guangdong","country":"CN","avatarUrl":"http://wx.qlogo.cn/mmopen/'
        "vi_32/1vZvI39NWFQ9XM4LtQpFrQJ1xlgZxx3w7bQxKARol6503Iuswjjn6nIGBiaycAjAtpujxyzY"
        'srztuuICqIM5ibXQ/0"}'
    )
    key, signature = (
        "HyVFkGl5F5OQWJZZaNzBBg==",
        "75e81ceda165f4ffa64f4068af58c64b8f54b88c",
    )
    assert is_signed(raw, signature, key)
    assert not is_signed(raw + " ", signature, key)
    assert not is_signed(raw, "签名", key)


def test_ours_and_fresh_is_read_whole():
    assert read() == STEPS


async def test_the_gateway_reads_what_the_platform_encrypted(gateway, world):
    session = await gateway.sign_in("w-17")
    mark = {"timestamp": world.clock.seconds(), "appid": APPID}
    sealed = encrypt(session.session_key, {"phone": "138", "watermark": mark})
    told = gateway.decrypt(session.session_key, sealed["encryptedData"], sealed["iv"])
    assert told["phone"] == "138"
    world.users.renew_key(world.users.of("o-17"))
    stale = world.users.of("o-17").session_key
    with pytest.raises(OpenDataUnreadable):
        gateway.decrypt(stale, sealed["encryptedData"], sealed["iv"])


@pytest.mark.parametrize("away", [timedelta(minutes=11), -timedelta(minutes=11)])
def test_what_is_old_or_ahead_is_unreadable(away):
    with pytest.raises(OpenDataUnreadable):
        decrypt(KEY, SEALED["encryptedData"], SEALED["iv"], appid=APPID, now=NOW + away)


@pytest.mark.parametrize(
    "watermark",
    [
        None,
        [],
        "x",
        {},
        {"appid": APPID},
        {"timestamp": MARK["timestamp"]},
        {"timestamp": "soon", "appid": APPID},
        {"timestamp": None, "appid": APPID},
        {"timestamp": float("nan"), "appid": APPID},
        {"timestamp": float("inf"), "appid": APPID},
        {"timestamp": 10**400, "appid": APPID},
        {"timestamp": 10**15, "appid": APPID},
        {"timestamp": MARK["timestamp"], "appid": "wx1111111111111111"},
        {"timestamp": MARK["timestamp"], "appid": None},
        {"timestamp": MARK["timestamp"], "appid": [APPID]},
    ],
)
def test_a_watermark_that_is_not_ours_is_unreadable(watermark):
    encrypted, iv = seal(json.dumps(STEPS | {"watermark": watermark}).encode())
    unreadable(encrypted=encrypted, iv=iv)


@pytest.mark.parametrize(
    "plain", [b"", b"null", b"[]", b'"x"', b"1", b"{", b"\xff\xfe", b"[" * 100_000]
)
def test_plain_text_that_is_no_object_is_unreadable(plain):
    encrypted, iv = seal(plain)
    unreadable(encrypted=encrypted, iv=iv)


ODD = st.one_of(
    st.text(), st.binary(), st.none(), st.integers(), st.lists(st.integers())
)
BASE64 = st.binary(max_size=200).map(lambda some: b64encode(some).decode())


@settings(deadline=None)
@given(st.one_of(ODD, BASE64))
def test_any_other_key_is_unreadable(key):
    if key != KEY:
        unreadable(key=key)


@settings(deadline=None)
@given(st.one_of(ODD, BASE64))
def test_any_other_data_is_unreadable(encrypted):
    unreadable(encrypted=encrypted)


@settings(deadline=None)
@given(st.one_of(ODD, BASE64, st.binary(min_size=8, max_size=24).map(b64encode)))
def test_any_odd_iv_is_unreadable_or_harmless(iv):
    # A wrong IV garbles only the first block, so JSON breaks unless it is ours.
    if iv not in (SEALED["iv"], SEALED["iv"].encode()):
        unreadable(iv=iv)


@settings(deadline=None)
@given(st.integers(0, len(b64decode(SEALED["encryptedData"])) - 1), st.integers(1, 255))
def test_any_changed_byte_is_unreadable_or_leaves_the_watermark(at, change):
    sealed = bytearray(b64decode(SEALED["encryptedData"]))
    sealed[at] ^= change
    try:
        told = read(encrypted=b64encode(sealed).decode())
    except OpenDataUnreadable:
        return
    assert told["watermark"]["appid"] == APPID


@settings(deadline=None)
@given(st.integers(0, len(SEALED["encryptedData"]) - 1))
def test_any_cut_is_unreadable(length):
    unreadable(encrypted=SEALED["encryptedData"][:length])
