"""A long list is shown whole, page by page, and no button leads nowhere."""

from hypothesis import given
from hypothesis import strategies as st

from bot.views.pages import Page
from bot.views.screen import Button

COUNTS, MOST = st.integers(0, 40), st.integers(1, 9)


@given(COUNTS, MOST)
def test_the_pages_hold_every_line_once_and_in_order(count: int, most: int) -> None:
    lines = list(range(count))
    pages = [Page(number, count, most) for number in range(Page(0, count, most).pages)]

    assert [line for page in pages for line in lines[page.lines]] == lines


@given(st.integers(0, 50), COUNTS, MOST)
def test_beyond_the_end_is_the_last_page_and_each_leads_to_those_beside_it(number: int, count: int, most: int) -> None:
    page = Page(number, count, most)

    rows = page.turning(lambda label, to: Button(label, str(to)))

    assert count == 0 or range(count)[page.lines]
    assert [(one.label, int(one.data) - page.number) for row in rows for one in row] == [
        *([("‹", -1)] if page.number > 0 else []),
        *([("›", 1)] if page.number < page.pages - 1 else []),
    ]
    assert page.place == ("" if page.pages == 1 else f" ({page.number + 1}/{page.pages})")
    assert all(rows)
