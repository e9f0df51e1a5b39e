"""A Telegram of our own on this machine: a strict Bot API server and a page with phones."""
