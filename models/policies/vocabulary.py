"""The words policies and guidance are sorted by (分类), and how people call them."""

from enum import StrEnum


class Topic(StrEnum):
    """What a policy is about (主题)."""

    SOCIAL_INSURANCE = "social_insurance"
    EMPLOYMENT_SUPPORT = "employment_support"
    STARTUP = "startup"
    SKILLS = "skills"
    UNEMPLOYMENT = "unemployment"
    WORK_INJURY = "work_injury"
    WAGES = "wages"
    RIGHTS = "rights"
    MEDICAL = "medical"
    HOUSING = "housing"
    HARDSHIP = "hardship"
    UNION_MEMBERSHIP = "union_membership"
    FAMILY = "family"


class Level(StrEnum):
    """Who made it (层级), the widest first."""

    NATION = "nation"
    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"


class Category(StrEnum):
    """What a guidance article helps with (就业指导分类)."""

    JOB_SEARCH = "job_search"
    INTERVIEW = "interview"
    CONTRACT = "contract"
    RIGHTS = "rights"
    STARTUP = "startup"
    CAREER = "career"
    SAFETY = "safety"
    NEWCOMER = "newcomer"


TOPIC_NAMES = {
    Topic.SOCIAL_INSURANCE: "社会保险",
    Topic.EMPLOYMENT_SUPPORT: "就业扶持",
    Topic.STARTUP: "创业扶持",
    Topic.SKILLS: "技能培训",
    Topic.UNEMPLOYMENT: "失业保障",
    Topic.WORK_INJURY: "工伤保障",
    Topic.WAGES: "工资报酬",
    Topic.RIGHTS: "权益维护",
    Topic.MEDICAL: "医疗互助",
    Topic.HOUSING: "住房保障",
    Topic.HARDSHIP: "困难帮扶",
    Topic.UNION_MEMBERSHIP: "入会服务",
    Topic.FAMILY: "子女与家庭",
}

LEVEL_NAMES = {
    Level.NATION: "国家",
    Level.PROVINCE: "省",
    Level.CITY: "市",
    Level.DISTRICT: "区",
}

CATEGORY_NAMES = {
    Category.JOB_SEARCH: "找工作",
    Category.INTERVIEW: "面试",
    Category.CONTRACT: "劳动合同",
    Category.RIGHTS: "权益维护",
    Category.STARTUP: "创业",
    Category.CAREER: "职业发展",
    Category.SAFETY: "安全健康",
    Category.NEWCOMER: "初来郑州",
}
