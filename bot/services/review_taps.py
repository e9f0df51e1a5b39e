"""What a tap of reviews and reminders asks of which service."""

from typing import assert_never

from bot.services import cards, quiet, review_card
from bot.services.house import Answer, House
from bot.storage.database import Transaction
from bot.storage.people import Person
from bot.views import review_taps as v


def press(tx: Transaction, house: House, me: Person, tap: v.ReviewTap, message_id: int | None) -> Answer:
    """A tap on a list of reviews, on the card of one, or on that of /diam."""
    match tap:
        case v.Reviews(page=page):
            review_card.turn(tx, house, me, page, message_id)
        case v.ShowReview(review=review):
            here = tx.cards.is_in(cards.REVIEW, me.chat, message_id)
            return review_card.show(tx, house, me, review, anew=not here)
        case v.RunsBehind():
            return review_card.runs(tx, house, me, tap)
        case v.ReviewPaper():
            return review_card.paper(tx, house, me, tap)
        case v.SendDates():
            return review_card.send_dates(tx, house, me)
        case v.Remark(review=review):
            return review_card.remark(tx, house, me, review)
        case v.Decide():
            return review_card.begin(tx, house, me, tap)
        case v.AnswerOne():
            return review_card.answer(tx, house, me, tap)
        case v.Grounded():
            return review_card.ground(tx, house, me, tap)
        case v.LeaveReview(ask=ask):
            return review_card.leave(tx, house, me, ask)
        case v.Hush(days=days):
            quiet.hush(tx, house, me, days)
        case _:
            assert_never(tap)
    return Answer()
