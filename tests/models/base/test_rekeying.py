"""Keys change while the house serves: all is readable, nobody twice, old keys go."""

import asyncio
import base64
import hashlib

import msgspec
import pytest

from models.base import file_seals, files, rekeying
from models.base.documents import all_documents
from models.base.files import KeptFile
from models.base.inspection import Purpose, Upload
from models.base.rekeying import Left
from models.base.secrets import SEAL_BEGINS
from models.unions import staff as members
from models.workers import phones, renewals, sign_in
from models.workers.consent_texts import Purpose as Consent
from models.workers.tokens import Port
from models.workers.workers import Worker
from tests.models.base import samples
from tests.models.unions import people as union
from tests.models.workers import people


def drawn(name):
    return base64.urlsafe_b64encode(hashlib.sha256(name.encode()).digest())


def keyed(settings, *names):
    """The settings of a process that knows these keys, the newest first."""
    return msgspec.structs.replace(
        settings,
        seal_keys=tuple(drawn(f"seal {name}") for name in names),
        blind_keys=tuple(
            base64.urlsafe_b64decode(drawn(f"blind {name}")) for name in names
        ),
    )


@pytest.fixture
def process(run, ctx, settings, clock):
    """Start a process that knows these keys, on empty shelves."""
    entered = []

    async def start(*names):
        house = people.another_house(keyed(settings, *names), clock)
        entered.append(house)
        return (await house.__aenter__()).ctx

    yield start
    for house in entered:
        run(house.__aexit__(None, None, None))


def heard(shelf, rows):
    """Nobody listens."""


async def settle(ctx, user):
    """Somebody with a name, a number and a page of proof."""
    by = await people.signed_in(ctx, user)
    await people.agree(ctx, by, Consent.PHONE)
    await phones.bind(ctx, f"p-1380000{int(user):04}", by=by)
    await Worker.change(
        ctx, {"_id": by.id}, {"$set": {"name": ctx.secrets.seal(f"示例{user}")}}
    )
    upload = Upload("证明.pdf", samples.pdf())
    file = await files.keep(ctx, upload, purpose=Purpose.EVIDENCE, by=by.id)
    await files.hold(ctx, file.id, owner=f"verification_{user}")
    return by.id


async def read_file(ctx, file_id):
    file = await KeptFile.find(ctx, _id=file_id)
    return b"".join([piece async for piece in files.read(ctx, file)])


async def everything_sealed(ctx):
    """Every text on any shelf that looks like a seal, with where it lies."""
    found = []
    for name in await ctx.db.list_collection_names():
        async for row in ctx.db[name].find():
            found += [
                (name, field)
                for field, value in row.items()
                if isinstance(value, str) and value.startswith(SEAL_BEGINS)
            ]
    return found


@pytest.mark.gen_test(timeout=900)
async def test_keys_change_under_load_and_the_old_ones_are_dropped(process):
    old, new = await process("old"), await process("new", "old")
    await union.plant(old)
    mine = [await settle(old, str(user)) for user in range(6)]
    await members.put_staff(
        old, id_="staff_1", name="员示例", openid="o-s1", unit_id="unit_city"
    )
    other = await process("new", "old")
    unread, stop = [], asyncio.Event()

    async def go_on(ctx, users):
        """Sign in, read and renew, again and again, as the keys change."""
        while not stop.is_set():
            for user in users:
                tokens = (await people.arrive(ctx, user)).tokens
                by = people.actor_of(ctx, tokens)
                await renewals.renew(ctx, tokens.refresh_token, port=Port.WORKER)
                worker = await Worker.find(ctx, _id=by.id)
                if worker.masked_phone(ctx) is None or by.id not in mine:
                    unread.append((user, by.id))
                (file,) = await KeptFile.many(ctx, {"kept_by": by.id})
                if await read_file(ctx, file.id) != samples.pdf():
                    unread.append(file.id)

    running = [
        asyncio.create_task(go_on(new, [str(n) for n in range(3)])),
        asyncio.create_task(go_on(other, [str(n) for n in range(3, 6)])),
    ]
    left = await rekeying.rekey(new, heard)
    stop.set()
    await asyncio.gather(*running)
    assert unread == []
    assert left == Left()
    assert await everything_sealed(new) != []

    alone = await process("new")
    assert await rekeying.left(alone) == Left(marks=2 * (len(mine) + 1))
    for user, worker_id in enumerate(mine):
        by = await people.signed_in(alone, str(user))
        assert by.id == worker_id
        worker = await Worker.find(alone, _id=worker_id)
        assert alone.secrets.open(worker.name) == f"示例{user}"
        found = alone.secrets.found_by("phone", f"+861380000{user:04}")
        assert (await Worker.find(alone, phone_blind=found)).id == worker_id
        for file in await KeptFile.many(alone, {"kept_by": worker_id}):
            assert await read_file(alone, file.id) == samples.pdf()
    assert (await members.recognise(alone, "w-s1")).id == "staff_1"
    assert await rekeying.rekey(alone, heard) == Left()
    assert (
        await Worker.shelf(alone).count_documents({"phone_blind.1": {"$exists": True}})
        == 0
    )


async def test_two_processes_on_either_side_of_the_change_take_a_person_in_once(
    process,
):
    before, after = await process("old", "new"), await process("new", "old")
    for user in range(20):
        code = f"w-{user}"
        both = await asyncio.gather(
            sign_in.sign_in(before, f"{code}-a"), sign_in.sign_in(after, f"{code}-b")
        )
        assert len({people.actor_of(before, each.tokens).id for each in both}) == 1
    assert await Worker.shelf(before).count_documents({}) == 20


async def test_a_number_is_one_accounts_on_either_side_of_the_change(process):
    before, after = await process("old"), await process("new", "old")
    await settle(before, "1")
    by = await people.signed_in(after, "2")
    await people.agree(after, by, Consent.PHONE)
    with pytest.raises(phones.PhoneInUse):
        await phones.bind(after, "p-13800000001-again", by=by)


async def test_a_renewal_whose_reply_was_lost_is_repeated_under_the_other_key(process):
    before, after = await process("old", "new"), await process("new", "old")
    token = (await people.arrive(before, "1")).tokens.refresh_token
    first = await renewals.renew(before, token, port=Port.WORKER)
    again = await renewals.renew(after, token, port=Port.WORKER)
    assert again.refresh_token == first.refresh_token
    await renewals.renew(after, again.refresh_token, port=Port.WORKER)


async def test_a_walk_that_was_cut_off_goes_on_where_it_was(process, monkeypatch):
    monkeypatch.setattr(rekeying, "ROWS_AT_ONCE", 2)
    old, new = await process("old"), await process("new", "old")
    for user in range(7):
        await settle(old, str(user))

    class CutOff(Exception):
        pass

    def cut_off(shelf, rows):
        if shelf == Worker.SHELF and rows == 4:
            raise CutOff

    with pytest.raises(CutOff):
        await rekeying.rekey(new, cut_off)
    half = await rekeying.left(new)
    assert half.seals > 0
    walked = {}

    def count(shelf, rows):
        walked[shelf] = rows

    assert await rekeying.rekey(new, count) == Left()
    assert walked[Worker.SHELF] == 3
    assert "aliases" not in walked
    assert await rekeying.rekey(new, count) == Left()
    assert walked[Worker.SHELF] == 7


async def test_what_changes_under_our_hands_is_taken_as_it_is_then(process):
    old, new = await process("old"), await process("new", "old")
    id_ = await settle(old, "1")
    row = await Worker.shelf(new).find_one({"_id": id_})
    renamed = {"name": old.secrets.seal("新名")}
    await Worker.change(old, {"_id": id_}, {"$set": renamed})
    await rekeying._renew(new, Worker.SHELF, row)
    worker = await Worker.find(new, _id=id_)
    assert new.secrets.open(worker.name) == "新名"
    assert new.secrets.is_newest(worker.name.encode())


async def test_a_file_stays_readable_wherever_its_renewal_is_cut_off(process):
    old, new = await process("old"), await process("new", "old")
    id_ = await settle(old, "1")
    (file,) = await KeptFile.many(new, {"kept_by": id_})
    await files.bucket(new).upload_from_stream_with_id(file.other_place, "x", b"half")
    assert await read_file(new, file.id) == samples.pdf()
    assert await file_seals.reseal(new, file)
    moved = await KeptFile.find(new, _id=file.id)
    assert moved.bytes_at == f"{file.id}~"
    assert await new.db["blobs.files"].count_documents({}) == 1
    assert b"".join([piece async for piece in files.read(new, file)]) == samples.pdf()
    assert not await file_seals.reseal(new, moved)
    await KeptFile.erase(new, {"_id": file.id})
    assert await new.db["blobs.chunks"].count_documents({}) == 0


async def test_a_text_that_only_looks_like_a_seal_stops_nobody(process):
    old, new = await process("old"), await process("new", "old")
    id_ = await settle(old, "1")
    for nickname in ("gAAAAA", "gAAAAA中文", "gAAAAA" + "A" * 300, "gAAAAA\u0000"):
        await Worker.change(old, {"_id": id_}, {"$set": {"nickname": nickname}})
        assert await rekeying.rekey(new, heard) == Left(unreadable=1)
        assert (await Worker.find(new, _id=id_)).nickname == nickname


async def test_what_opens_with_no_key_is_told_and_left_alone(process):
    old, new = await process("old"), await process("new")
    id_ = await settle(old, "1")
    before = await Worker.shelf(new).find_one({"_id": id_})
    left = await rekeying.rekey(new, heard)
    assert left.unreadable >= 4
    assert not left.is_nothing
    assert await Worker.shelf(new).find_one({"_id": id_}) == before


def test_every_blind_field_says_what_it_is_made_from():
    for kind in all_documents():
        blind = {name for name in kind.__struct_fields__ if name.endswith("_blind")}
        assert blind == set(kind.MARKED), kind.__name__
        assert {sealed for _, sealed in kind.MARKED.values()} <= {
            *kind.__struct_fields__
        }
