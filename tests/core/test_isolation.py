"""No test begins with what another left behind, in whatever order they run."""

import pytest
from django.utils import timezone, translation


@pytest.mark.parametrize("turn", [1, 2])
def test_the_language_and_the_clock_are_the_house_s_own(turn):
    """Each turn leaves English and another zone behind: whichever runs second would see them."""
    assert translation.get_language() == "zh-hans"
    assert timezone.get_current_timezone_name() == "Asia/Shanghai"
    translation.activate("en")
    timezone.activate("America/Lima")
