"""Permissions (权限): what somebody may do, and the roles that bundle them.

A permission is granted at a unit and reaches all below it; a role is only a name
for the usual bundle, so that an administrator need not tick a dozen boxes. Nothing
anywhere asks for a role: every door and every verb asks for a permission.
Source: rules 7.2; screens.md, "组织与人员".
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Permission(StrEnum):
    """One thing that may be done in the subtree it was granted for."""

    UNITS = "units.manage"
    """设立、更名、调整下级工会组织。"""
    STAFF = "staff.manage"
    """开通、停用工作人员账号。"""
    GRANTS = "grants.manage"
    """授予、收回权限；只能给自己有的。"""
    POLICIES_WRITE = "policies.write"
    """编写政策与就业指导。"""
    POLICIES_REVIEW = "policies.review"
    """审核他人的稿件。"""
    POLICIES_FORCE = "policies.force"
    """紧急发布，事后由他人确认。"""
    TRAININGS = "trainings.manage"
    """开办培训、管理名单。"""
    STATIONS = "stations.manage"
    """管理驿站：开放时间、临时关闭、排班、物资、申诉。"""
    IDENTITIES = "identities.verify"
    """核实劳动者身份。"""
    WORKERS_READ = "workers.read"
    """查看劳动者（脱敏）。"""
    WORKERS_UNMASK = "workers.unmask"
    """查看劳动者的完整信息，须写明原因。"""
    MODERATION = "content.moderate"
    """审核公开内容。"""
    AUDIT = "audit.read"
    """查看审计日志。"""
    STATISTICS = "statistics.read"
    """查看统计数据。"""


class GrantRole(StrEnum):
    """The usual bundles (岗位)."""

    ADMINISTRATOR = "administrator"
    """管理员：机构、账号、授权。"""
    EDITOR = "editor"
    """编辑"""
    REVIEWER = "reviewer"
    """审核员"""
    STATION_MANAGER = "station_manager"
    """驿站管理员"""
    TRAINING_MANAGER = "training_manager"
    """培训管理员"""
    VERIFIER = "verifier"
    """身份核实员"""
    MODERATOR = "moderator"
    """内容审核员"""
    AUDITOR = "auditor"
    """审计员"""
    LEADER = "leader"
    """领导：只看数字。"""
    DELEGATE = "delegate"
    """代理人：替别人办事，权限随被代理人。"""


PERMISSIONS_OF: Mapping[GrantRole, frozenset[Permission]] = MappingProxyType(
    {
        GrantRole.ADMINISTRATOR: frozenset(Permission),
        GrantRole.EDITOR: frozenset({Permission.POLICIES_WRITE}),
        GrantRole.REVIEWER: frozenset({Permission.POLICIES_REVIEW}),
        GrantRole.STATION_MANAGER: frozenset(
            {Permission.STATIONS, Permission.STATISTICS}
        ),
        GrantRole.TRAINING_MANAGER: frozenset({Permission.TRAININGS}),
        GrantRole.VERIFIER: frozenset({Permission.IDENTITIES, Permission.WORKERS_READ}),
        GrantRole.MODERATOR: frozenset({Permission.MODERATION}),
        GrantRole.AUDITOR: frozenset({Permission.AUDIT}),
        GrantRole.LEADER: frozenset({Permission.STATISTICS}),
        GrantRole.DELEGATE: frozenset(),
    }
)
"""An administrator holds everything in the subtree, or nobody could hand it on."""
