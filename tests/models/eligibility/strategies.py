"""Made-up conditions, rules and people for the tests of this room."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from models.base import regions
from models.eligibility.vocabulary import EARLIEST, FACTS, LATEST, Fact, Kind

TODAY = date(2026, 3, 1)
AT = {"application_date": TODAY}


def leaf(fact: str, op: str, /, name: str = "it", **rest: Any) -> dict[str, Any]:
    """One condition, with its plain sentence and clause."""
    texts = {"says": "示例条件", "cites": "第一条"}
    return {"id": name, "fact": fact, "op": op, **texts, **rest}


def numbered(tree: dict[str, Any]) -> dict[str, Any]:
    """The same tree with an id of its own for every condition."""
    count = iter(range(10_000))

    def walk(node: dict[str, Any]) -> dict[str, Any]:
        if "op" in node:
            return {**node, "id": f"c{next(count)}"}
        if "not" in node:
            return {"not": walk(node["not"])}
        ((joint, below),) = node.items()
        return {joint: [walk(each) for each in below]}

    return walk(tree)


def trees(leaves: st.SearchStrategy[Any], most: int = 7) -> st.SearchStrategy[Any]:
    """Trees over some conditions."""
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3).map(lambda each: {"all": each}),
            st.lists(inner, min_size=1, max_size=3).map(lambda each: {"any": each}),
            inner.map(lambda each: {"not": each}),
        ),
        max_leaves=most,
    ).map(numbered)


SMALL: dict[str, list[Any]] = {
    "union_member": [False, True],
    "renting": [False, True],
    "employment_status": list(FACTS["employment_status"].choices),
    "education": list(FACTS["education"].choices),
    "children": list(range(21)),
    "hired_on": [TODAY + timedelta(days=n) for n in range(-8, 5)],
    "work_region": sorted(regions.finest("100000")),
    "client_classes": [
        frozenset(
            name
            for n, name in enumerate(FACTS["client_classes"].choices)
            if bits >> n & 1
        )
        for bits in range(32)
    ],
}
"""Facts of few values; days further off answer like the outermost ones here."""

CODES = ["410000", "410100", "410172", "410102", "411600", "440000"]


def small_leaf(name: str) -> st.SearchStrategy[dict[str, Any]]:
    """A condition on a fact of few values."""
    fact, one = FACTS[name], st.sampled_from(SMALL[name])
    if name == "hired_on":
        ends = st.tuples(st.integers(-2, 5), st.integers(0, 3))
        return ends.map(lambda e: leaf(name, "days_since", min=e[0], max=e[0] + e[1]))
    if name == "work_region":
        some = st.lists(st.sampled_from(CODES), min_size=1, max_size=2, unique=True)
        return some.map(lambda value: leaf(name, "region_within", value=value))
    if name == "client_classes":
        some = st.lists(st.sampled_from(list(fact.choices)), min_size=1, max_size=2)
        return some.map(lambda value: leaf(name, "in", value=value))
    if name in ("children", "education"):
        order: list[Any] = list(fact.choices) or SMALL[name]
        two = st.tuples(one, one).map(lambda e: sorted(e, key=order.index))
        return two.map(lambda e: leaf(name, "between", min=e[0], max=e[1]))
    return one.map(lambda value: leaf(name, "eq", value=value))


@st.composite
def small_rules(draw: st.DrawFn) -> dict[str, Any]:
    """A rule over at most three facts of few values, each used several times."""
    large = st.sampled_from(["client_classes", "work_region", "children"])
    little = st.sampled_from(
        ["union_member", "renting", "employment_status", "education", "hired_on"]
    )
    names = {draw(st.one_of(large, little)), draw(little), draw(little)}
    leaves = st.sampled_from(sorted(names)).flatmap(small_leaf)
    tree: dict[str, Any] = draw(trees(leaves))
    return tree


def values_of(fact: Fact) -> st.SearchStrategy[Any]:
    """Any well-typed JSON value of a fact."""
    match fact.kind:
        case Kind.BOOL:
            return st.booleans()
        case Kind.INT:
            return st.integers(0, fact.most)
        case Kind.ENUM:
            return st.sampled_from(list(fact.choices))
        case Kind.SET:
            return st.lists(st.sampled_from(list(fact.choices)), unique=True)
        case Kind.REGION:
            return st.sampled_from(sorted({row.code for row in regions.REGIONS.rows}))
        case _:
            return st.dates(EARLIEST, LATEST).map(date.isoformat)


people = st.fixed_dictionaries(
    {}, optional={name: values_of(fact) for name, fact in FACTS.items()}
)
"""What anybody might tell us, in JSON."""


def any_leaf(name: str) -> st.SearchStrategy[dict[str, Any]]:
    """A sound condition on any fact, by any comparison that fits it."""
    fact = FACTS[name]
    value = values_of(fact)
    ats = st.sampled_from(
        ["application_date", "deadline", "hiring_date", "hired_on", "injured_on"]
    )
    if fact.kind is Kind.DATE:
        spans = st.tuples(
            st.sampled_from(["age_between", "months_since", "days_since"]),
            st.integers(0, 60),
            st.integers(1, 60),
            ats.filter(lambda at: at != name),
        )
        return st.one_of(
            spans.map(lambda s: leaf(name, s[0], min=s[1], max=s[1] + s[2], at=s[3])),
            value.map(lambda v: leaf(name, "on_or_after", value=v)),
            value.map(lambda v: leaf(name, "on_or_before", value=v)),
        )
    if fact.kind is Kind.REGION:
        return value.map(lambda v: leaf(name, "region_within", value=v))
    if fact.kind is Kind.SET:
        one = st.sampled_from(list(fact.choices))
        ops = ["eq", "has_document"] if name == "documents" else ["eq"]
        return st.tuples(st.sampled_from(ops), one).map(
            lambda s: leaf(name, s[0], value=s[1])
        )
    return value.map(lambda v: leaf(name, "eq", value=v))


any_rules = trees(st.sampled_from(sorted(FACTS)).flatmap(any_leaf), most=12)
"""Any well-typed rule, sensible or not."""
