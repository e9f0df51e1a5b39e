"""What is asserted outside of test modules tells what differs, too."""

import pytest

pytest.register_assert_rewrite("tests.chaos.ledger", "tests.chaos.lives")
