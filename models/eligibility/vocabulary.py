"""The facts a rule may speak of: what each is called, and how we ask for it.

The order here is the order in which equal questions are asked. Sensitive facts
(敏感个人信息) are asked last, and their values never appear in a reason. Where a
person works, lives and is registered (户籍) are three facts, not one.

Source: rules 1.5, 1.6, 1.8; PIPL (个人信息保护法) art. 28 for what is sensitive.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

import msgspec

from models.eligibility import choices

EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)
"""A date outside of these is a slip of the finger."""


class Kind(StrEnum):
    """What sort of value a fact has."""

    BOOL = "bool"
    ENUM = "enum"
    SET = "set"
    """Any number of choices, none included."""
    INT = "int"
    DATE = "date"
    REGION = "region"


class Fact(msgspec.Struct, kw_only=True, frozen=True):
    """One thing about a person that a rule may depend on."""

    name: str
    label: str
    """What it is called in a sentence."""
    question: str
    kind: Kind
    choices: Mapping[str, str] = {}
    """For enum and set: the value, and what it is called."""
    ordered: bool = False
    """The choices rise, so that a rule may ask for at least one of them."""
    most: int = 0
    """For int: more than this is a slip of the finger."""
    unit: str = ""
    sensitive: bool = False


def _yes_no(name: str, label: str, question: str, *, sensitive: bool = False) -> Fact:
    return Fact(
        name=name,
        label=label,
        question=question,
        kind=Kind.BOOL,
        sensitive=sensitive,
    )


def _day(name: str, label: str, question: str, *, sensitive: bool = False) -> Fact:
    return Fact(
        name=name,
        label=label,
        question=question,
        kind=Kind.DATE,
        sensitive=sensitive,
    )


def _region(name: str, label: str, question: str) -> Fact:
    return Fact(name=name, label=label, question=question, kind=Kind.REGION)


def _months(name: str, label: str, question: str) -> Fact:
    return Fact(
        name=name,
        label=label,
        question=question,
        kind=Kind.INT,
        most=720,
        unit="个月",
    )


def _one_of(
    name: str,
    label: str,
    question: str,
    answers: Mapping[str, str],
    *,
    ordered: bool = False,
) -> Fact:
    return Fact(
        name=name,
        label=label,
        question=question,
        kind=Kind.ENUM,
        choices=answers,
        ordered=ordered,
    )


_TABLE = (
    Fact(
        name="client_classes",
        label="人群类别",
        question="您属于下面哪几类人群？可以多选。",
        kind=Kind.SET,
        choices=choices.CLIENT_CLASSES,
    ),
    _day("birth_date", "出生日期", "您的出生日期是哪天？", sensitive=True),
    _region("work_region", "工作地", "您在哪个区县上班或接活？"),
    _region("residence_region", "居住地", "您现在住在哪个区县？"),
    _region("hukou_region", "户籍地", "您的户口在哪个区县？"),
    _one_of(
        "employment_status",
        "就业状态",
        "您现在的就业状态是哪一种？",
        choices.EMPLOYMENT_STATUS,
    ),
    _one_of(
        "platform_kind",
        "平台工作",
        "您主要做哪一类平台的活？",
        choices.PLATFORM_KINDS,
    ),
    _yes_no("labour_contract", "签订劳动合同", "您和单位签了劳动合同吗？"),
    _day("hired_on", "入职日期", "您是哪天入职的？"),
    _region("contract_region", "劳动合同单位所在地", "和您签合同的单位在哪个区县？"),
    _months("pension_months", "养老保险缴费时间", "您的养老保险累计缴了多少个月？"),
    _months(
        "unemployment_insurance_months",
        "失业保险缴费时间",
        "您的失业保险累计缴了多少个月？",
    ),
    _months("medical_months", "医疗保险缴费时间", "您的医疗保险累计缴了多少个月？"),
    _yes_no(
        "flexible_insured",
        "以灵活就业身份参保",
        "您是以灵活就业人员身份自己缴社保吗？",
    ),
    _yes_no("unemployment_registered", "失业登记", "您办理失业登记了吗？"),
    _day("unemployed_since", "失业日期", "您是从哪天开始失业的？"),
    _yes_no("left_voluntarily", "主动离职", "上一份工作是您自己提出离职的吗？"),
    _day("graduated_on", "毕业日期", "您毕业证书上的毕业日期是哪天？"),
    _one_of(
        "education",
        "学历",
        "您的最高学历是什么？",
        choices.EDUCATION,
        ordered=True,
    ),
    _one_of(
        "certificate_level",
        "技能等级",
        "您最高的技能等级证书是哪一级？",
        choices.CERTIFICATE_LEVELS,
        ordered=True,
    ),
    _day("certificate_on", "技能证书发证日期", "您的技能等级证书是哪天发的？"),
    _day("startup_registered_on", "营业执照登记日期", "您的营业执照是哪天登记的？"),
    Fact(
        name="employees",
        label="用工人数",
        question="您的单位现在有多少名员工？",
        kind=Kind.INT,
        most=1_000_000,
        unit="人",
    ),
    _yes_no("union_member", "工会会员", "您是工会会员吗？"),
    _day("union_member_since", "入会日期", "您是哪天加入工会的？"),
    _yes_no("wages_owed", "被拖欠工资", "单位拖欠您的工资吗？"),
    _day("wages_owed_since", "欠薪开始日期", "单位是从哪天开始拖欠工资的？"),
    _yes_no("injured_at_work", "工伤", "您在工作中受过伤吗？", sensitive=True),
    _day("injured_on", "受伤日期", "您是哪天受伤的？", sensitive=True),
    _yes_no(
        "hardship_registered",
        "困难职工建档",
        "您是建档的困难职工或低保家庭成员吗？",
        sensitive=True,
    ),
    _yes_no("disabled", "残疾", "您持有残疾人证吗？", sensitive=True),
    Fact(
        name="monthly_income_fen",
        label="月收入",
        question="您平均每月收入是多少？",
        kind=Kind.INT,
        most=100_000_000,
        unit="分",
        sensitive=True,
    ),
    _yes_no("renting", "租房居住", "您现在是租房住吗？"),
    _yes_no("owns_home_here", "本地自有住房", "您或家人在本市有自己的住房吗？"),
    Fact(
        name="children",
        label="子女人数",
        question="您有几个子女？",
        kind=Kind.INT,
        most=20,
        unit="个",
    ),
    _yes_no(
        "child_enters_university",
        "子女今年上大学",
        "您有子女今年考上大学吗？",
    ),
    _yes_no("heat_work", "高温作业", "您夏天需要在室外或高温环境里工作吗？"),
    _yes_no("major_illness", "重大疾病", "您或家人患有重大疾病吗？", sensitive=True),
    Fact(
        name="documents",
        label="材料",
        question="您手头有哪些材料？可以多选。",
        kind=Kind.SET,
        choices=choices.DOCUMENTS,
    ),
)

FACTS: Mapping[str, Fact] = {fact.name: fact for fact in _TABLE}
"""Every fact a rule may use, by name."""

MOMENTS: Mapping[str, Fact] = {
    day.name: day
    for day in (
        _day("application_date", "申请日期", "您打算哪天申请？"),
        _day("deadline", "截止日期", "报名截止到哪天？"),
        _day("hiring_date", "招用日期", "单位打算从哪天起用工？"),
        _day("event_date", "事情发生日期", "这件事是哪天发生的？"),
    )
}
"""The dates a caller may name for a rule to be looked at."""

DOCUMENTS = "documents"
"""The fact whose absence is a matter of bringing papers."""

ORDER: Mapping[str, int] = {
    name: place for place, name in enumerate((*FACTS, *MOMENTS))
}
"""The order of asking, facts before dates."""

SENSITIVE: Mapping[str, bool] = {
    fact.name: fact.sensitive for fact in (*FACTS.values(), *MOMENTS.values())
}
"""What is asked last, and never shown."""


def asked(name: str) -> Fact:
    """Return what there is to ask about a fact or a date."""
    return FACTS.get(name) or MOMENTS[name]
