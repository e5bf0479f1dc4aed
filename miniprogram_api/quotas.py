"""Clearing used-up daily allowances: ten times a month, so a person decides.

Source: clear_quota, clearQuotaByAppSecret.
"""

from miniprogram_api.client import Client
from miniprogram_api.meanings import CLEAR_QUOTA


async def clear(client: Client, *, by_secret: bool = False) -> None:
    """Set all daily counts of the app to zero.

    Rules: `by_secret` works also when the token's own allowance is used up.
    Refuses: Refused (ALERT_AND_STOP when this month's ten are gone), Unavailable.
    """
    if by_secret:
        asked = {"appid": client.appid, "appsecret": client.secret}
        await client.post(f"{CLEAR_QUOTA}/v2", data=asked, with_token=False)
    else:
        await client.post(CLEAR_QUOTA, data={"appid": client.appid})
