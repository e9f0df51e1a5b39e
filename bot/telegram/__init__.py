"""The only place that knows python-telegram-bot: updates in, cards and letters out."""
