"""What every door is made of holds on both readers of HTTP."""

import pytest

from app.settings import HttpLayer


@pytest.fixture(params=HttpLayer)
def http_layer(request: pytest.FixtureRequest) -> HttpLayer:
    """Each test once on either."""
    return HttpLayer(request.param)
