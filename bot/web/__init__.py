"""What everybody can see without Telegram: the public page, its machine-readable kin, and how the bot is.

`app.py`         the addresses, and who answers them
`server.py`      serving them inside the bot's process
`heads.py`       requests off the wire, none without an end
`face.py`        the office as it is shown: documents, kept until something changes
`page.py`        the page for people, the waiting room's screen, privacy
`statuspage.py`  the shape that Statuspage made common
`feed.py`        reports as an Atom feed, badges
`health.py`      alive, ready
`metrics.py`     what Prometheus reads
`patience.py`    a question to the database that is waited for only so long
`webhook.py`     where Telegram brings updates
`guard.py`       headers of safety, and a limit for each client
"""
