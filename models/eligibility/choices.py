"""The answers a person can choose from, each with what it is called on the screen.

The order within a dict is the order on the screen, and for schooling and skill
levels also from low to high.
"""

CLIENT_CLASSES = {
    "transferring_worker": "转岗待岗职工",
    "platform_worker": "新就业形态劳动者",
    "unemployed_graduate": "未就业高校毕业生",
    "migrant_worker": "农民工",
    "employer": "有用工需求的用人单位",
}

EMPLOYMENT_STATUS = {
    "employed": "在单位上班",
    "flexible": "灵活就业",
    "unemployed": "失业",
    "student": "在校学生",
}

PLATFORM_KINDS = {
    "delivery": "外卖、快递配送",
    "ride_hailing": "网约车",
    "trucking": "货运",
    "housekeeping": "家政服务",
    "livestream": "网络主播",
    "other": "其他平台用工",
    "none": "没有做平台的活",
}

EDUCATION = {
    "junior": "初中及以下",
    "high_school": "高中、中专、技校",
    "college": "大专",
    "bachelor": "本科",
    "master": "硕士及以上",
}

CERTIFICATE_LEVELS = {
    "none": "没有证书",
    "junior": "初级工（五级）",
    "intermediate": "中级工（四级）",
    "senior": "高级工（三级）",
    "technician": "技师（二级）",
    "senior_technician": "高级技师（一级）",
}

DOCUMENTS = {
    "id_card": "身份证",
    "diploma": "毕业证书",
    "skill_certificate": "技能等级证书",
    "labour_contract": "劳动合同",
    "unemployment_certificate": "失业登记证明",
    "business_licence": "营业执照",
    "payslips": "工资条或工资流水",
    "residence_permit": "居住证",
    "hospital_invoice": "医院票据",
}
