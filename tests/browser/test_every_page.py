"""Every page as people meet it, in light and dark: axe-core finds nothing, nothing scrolls sideways
on a small telephone, and the browser has nothing to complain of."""

import pytest

from tests.browser.looking import SHOWN, what_is_wrong
from tests.browser.states import (
    accounts,
    desks,
    invoices,
    papers,
    public,
    reconciliation,
    running,
    sponsors,
)

pytestmark = pytest.mark.browser
TOLD_OF_IN = (accounts, desks, invoices, papers, public, reconciliation, running, sponsors)


@pytest.mark.parametrize("name", SHOWN)
def test_nothing_is_wrong_with(name, site, visitor):
    page = SHOWN[name](site, visitor)

    assert not (wrong := what_is_wrong(page)), wrong
