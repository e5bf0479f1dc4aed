"""Seals open again, blind indexes find, signatures prove; keys can rotate."""

import pytest
from cryptography.fernet import Fernet

from models.base.secrets import Secrets, Unreadable, same_as

OLD, NEW = Fernet.generate_key(), Fernet.generate_key()


def made(seal_keys=(NEW,), token_keys=None, blinds=(b"b" * 32,)):
    return Secrets(
        seal_keys=seal_keys,
        blind_keys=blinds,
        token_keys=token_keys or {"k": b"k" * 32},
    )


def test_a_sealed_text_opens_and_does_not_show():
    secrets = made()
    sealed = secrets.seal("13800000000")
    assert "13800000000" not in sealed
    assert secrets.open(sealed) == "13800000000"


def test_an_old_key_still_opens_and_resealing_leaves_it_behind():
    sealed = made([OLD]).seal("姓名")
    both = made([NEW, OLD])
    assert both.open(sealed) == "姓名"
    assert made([NEW]).open(both.reseal(sealed)) == "姓名"


def test_a_changed_seal_is_unreadable():
    with pytest.raises(Unreadable):
        made().open("gAAAAA" + made().seal("x")[6:-4] + "AAAA")


def test_sealed_content_opens_and_does_not_show():
    secrets = made()
    sealed = secrets.seal_bytes(b"%PDF-1.7 \x00\xff")
    assert b"PDF" not in sealed
    assert secrets.open_bytes(sealed) == b"%PDF-1.7 \x00\xff"


def test_old_content_is_resealed_under_the_new_key():
    sealed = made([OLD]).seal_bytes(b"content")
    resealed = made([NEW, OLD]).reseal_bytes(sealed)
    assert made([NEW]).open_bytes(resealed) == b"content"
    with pytest.raises(Unreadable):
        made([NEW]).open_bytes(sealed)
    with pytest.raises(Unreadable):
        made([NEW]).reseal_bytes(sealed)


def test_a_blind_index_is_the_same_for_the_same_and_apart_by_kind():
    secrets = made()
    assert secrets.blind("phone", "1") == secrets.blind("phone", "1")
    assert secrets.blind("phone", "1") != secrets.blind("openid", "1")


def test_a_mark_is_found_by_whoever_knows_one_of_its_keys():
    old, new = made(blinds=[b"o" * 32]), made(blinds=[b"n" * 32])
    both = made(blinds=[b"n" * 32, b"o" * 32])
    assert both.mark("phone", "1") == tuple(both.blinds("phone", "1"))
    assert old.mark("phone", "1") in both.found_by("phone", "1")["$in"]
    assert new.mark("phone", "1") in both.found_by("phone", "1")["$in"]
    assert same_as(both.mark("phone", "1")) == both.found_by("phone", "1")
    assert same_as(new.mark("phone", "1")) == new.found_by("phone", "1")


def test_only_what_the_newest_key_opens_is_newest():
    sealed = made([OLD]).seal("姓名")
    both = made([NEW, OLD])
    assert not both.is_newest(sealed.encode())
    assert both.is_newest(both.reseal(sealed).encode())
    assert not both.is_newest(b"gAAAAA")


def test_a_fingerprint_tells_sets_of_keys_apart_and_no_key():
    told = {
        made([NEW]).fingerprint(),
        made([OLD]).fingerprint(),
        made([NEW, OLD]).fingerprint(),
        made(blinds=[b"n" * 32]).fingerprint(),
    }
    assert len(told) == 4
    assert made([NEW]).fingerprint() == made([NEW]).fingerprint()


def test_a_signature_holds_for_its_purpose_and_text_only():
    secrets = made()
    signature = secrets.sign("station_code", "a.b")
    assert secrets.is_signed("station_code", "a.b", signature)
    assert not secrets.is_signed("worker_code", "a.b", signature)
    assert not secrets.is_signed("station_code", "a.c", signature)
    assert not secrets.is_signed("station_code", "a.b", "签")


def test_a_signature_of_the_old_key_holds_until_it_is_taken_out():
    signature = made(token_keys={"old": b"o" * 32}).sign("p", "t")
    both = made(token_keys={"new": b"n" * 32, "old": b"o" * 32})
    assert both.is_signed("p", "t", signature)
    assert not made(token_keys={"new": b"n" * 32}).is_signed("p", "t", signature)


def test_the_keys_do_not_show():
    assert "kkkk" not in repr(made())
