"""Notices out: claimed from the outbox, rendered, paced, sent, and settled when Telegram has answered."""
