"""What a person tells us is in no log, no id, no figure, and sealed on every shelf."""

from bson import json_util

from app.lines import lines

PHONE = "13800000017"
"""The simulator's number for the phone code ``p-17``."""

SECRETS = {
    "phone": PHONE,
    "openid": "o-17",
    "name": "欧阳秘密",
    "note": "对青霉素过敏",
    "birthday": "1991-02-03",
}


async def tell_everything(story):
    """Sign in, agree, give phone, name, facts, and call for help with a note."""
    me = await story.http.sign_in("w-17")
    texts = (await me.get("/worker/v1/consents")).body["items"]
    for text in texts:
        agreed = await me.post(
            "/worker/v1/me/consents",
            {"purpose": text["purpose"], "version": text["version"]},
        )
        assert agreed.status in {200, 201}, agreed.body
    bound = await me.post("/worker/v1/me/phone", {"code": "p-17"})
    assert bound.status == 200, bound.body
    named = await me.patch("/worker/v1/me", {"name": SECRETS["name"]})
    assert named.status == 200, named.body
    facts = await me.put(
        "/worker/v1/me/facts", {"facts": {"birth_date": SECRETS["birthday"]}}
    )
    assert facts.status == 200, facts.body
    called = await me.post(
        "/worker/v1/stations/station_science_park/first-aid",
        {"kind": "other", "note": SECRETS["note"], "phone": PHONE},
    )
    assert called.status == 201, called.body
    refused = await me.post("/worker/v1/me/phone", {"code": "p-17"})
    assert refused.code == "phone_code_invalid"
    return me


async def everything_kept(story):
    """Return all rows of all shelves as text."""
    db = story.house.ctx.db
    names = await db.list_collection_names()
    rows = {name: await db[name].find({}).to_list() for name in names}
    return json_util.dumps(rows, ensure_ascii=False)


async def test_nothing_personal_is_said_where_it_does_not_belong(story, capfd):
    capfd.readouterr()
    me = await tell_everything(story)
    await story.tick()
    figures = (await story.http.get("/metrics")).body.decode()
    kept = await everything_kept(story)
    lines.write()
    logged = "".join(capfd.readouterr())
    assert '"route"' in logged or "route=" in logged
    for what, secret in SECRETS.items():
        assert secret not in logged, what
        assert secret not in figures, what
        assert secret not in kept, what
    shown = (await me.get("/worker/v1/me")).body
    assert PHONE not in str(shown)
    assert "138****0017" in str(shown)
