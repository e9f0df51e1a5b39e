"""Pandu: a Telegram bot that walks staff through a Standard Operating Procedure and keeps the record."""
