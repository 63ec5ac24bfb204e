"""Every page as people meet it, in light and dark: axe-core finds nothing, nothing scrolls sideways
on a small telephone, and the browser has nothing to complain of."""

import pytest

from tests.browser.looking import MOMENTS, what_is_wrong
from tests.browser.states import (
    accounts,
    changing,
    desks,
    failures,
    invoices,
    papers,
    programmes_applying,
    programmes_desk,
    programmes_money,
    programmes_people,
    programmes_reviewing,
    programmes_running,
    programmes_seats,
    public,
    reconciliation,
    returns,
    running,
    sponsors,
)

pytestmark = pytest.mark.browser
TOLD_OF_IN = (
    accounts, changing, desks, failures, invoices, papers, programmes_applying,
    programmes_desk, programmes_money, programmes_people, programmes_reviewing, programmes_running, programmes_seats, public,
    reconciliation, returns, running, sponsors,
)  # fmt: skip


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_nothing_is_wrong_with(moment, site, visits, subtests):
    made = moment.begin(site)
    for name, show in moment.states.items():
        with subtests.test(name), visits(keep_page=True) as come:
            page = show(site, come, *made)

            assert not (wrong := what_is_wrong(page)), wrong
