"""Every page as people meet it, in light and dark: axe-core finds nothing, nothing scrolls sideways
on a small telephone, and the browser has nothing to complain of."""

import pytest

from tests.browser.looking import SHOWN, what_is_wrong
from tests.browser.states import (
    accounts,
    changing,
    desks,
    failures,
    invoices,
    papers,
    programmes_running,
    public,
    reconciliation,
    returns,
    running,
    sponsors,
)

pytestmark = pytest.mark.browser
TOLD_OF_IN = (
    accounts, changing, desks, failures, invoices, papers, programmes_running, public,
    reconciliation, returns, running, sponsors,
)  # fmt: skip


@pytest.mark.parametrize("name", SHOWN)
def test_nothing_is_wrong_with(name, site, visitor):
    page = SHOWN[name](site, visitor)

    assert not (wrong := what_is_wrong(page)), wrong
