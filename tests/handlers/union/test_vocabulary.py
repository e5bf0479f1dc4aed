"""The doors of the words that rules are made of, and of trying one."""

from models.unions.permissions import Permission
from tests.models.policies.papers import FITS, FITS_NOT, UNSURE
from tests.models.policies.texts import RULE
from tests.models.unions import people

WORDS = "/union/v1/rule-vocabulary"
TRIALS = "/union/v1/rule-check"


async def words_for(ctx, http, *permissions):
    who = await people.official(ctx, "wang", permissions=permissions)
    return await http.as_(await people.token(ctx, who)).get(WORDS)


async def test_an_editor_learns_what_a_rule_may_ask_and_how(ctx, http):
    told = (await words_for(ctx, http, Permission.POLICIES_WRITE)).body
    facts = {fact["name"]: fact for fact in told["facts"]}
    assert facts["education"]["ops"] == ["eq", "in", "between"]
    assert facts["birth_date"]["sensitive"]
    assert "application_date" in [day["name"] for day in told["moments"]]
    assert {"age_between", "region_within"} <= set(told["dated"])


async def test_only_regions_that_stand_today_are_offered(ctx, http):
    told = (await words_for(ctx, http, Permission.POLICIES_REVIEW)).body
    codes = [each["code"] for each in told["regions"]]
    assert len(codes) == len(set(codes))
    assert "410172" in codes


async def test_who_does_not_publish_has_no_use_for_it(ctx, http):
    answer = await words_for(ctx, http, Permission.AUDIT)
    assert (answer.status, answer.code) == (403, "permission_missing")


async def test_whoever_runs_trainings_tries_a_rule_before_it_is_kept(ctx, http):
    who = await people.official(ctx, "wang", permissions=[Permission.TRAININGS])
    me = http.as_(await people.token(ctx, who))
    assert (await me.get(WORDS)).status == 200
    tried = await me.post(TRIALS, {"rule": RULE, "test_persons": [FITS, FITS_NOT]})
    outcomes = [each["got"] for each in tried.body["outcomes"]]
    assert (tried.status, outcomes) == (200, ["eligible", "not_eligible"])
    lacking = [each["message"] for each in tried.body["failures"]]
    assert (tried.body["passed"], len(lacking)) == (False, 1)
    whole = {"rule": RULE, "test_persons": [FITS, FITS_NOT, UNSURE]}
    assert (await me.post(TRIALS, whole)).body["passed"]
    senseless = {"rule": {"all": [{**RULE["all"][0], "fact": "luck"}]}}
    refused = await me.post(TRIALS, senseless)
    assert (refused.status, refused.code) == (422, "bad_rule")
    assert refused.body["details"]["problems"][0]["path"] == "$.all[0].fact"
