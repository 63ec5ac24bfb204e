"""The town finds what somebody could do wrong: each mistake on the smallest history that shows it."""

import pytest

from tests.simulation import machine, truth
from tests.simulation.defects import DEFECTS

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_a_planted_defect_is_found_and_its_history_is_clean_without_it(defect):
    machine.replay(defect.steps, defect.trouble)

    with pytest.raises(truth.Breach):
        machine.replay(defect.steps, defect.trouble, planted=defect.planted)
