"""A campaign of everything that can go wrong at once: `python -m tests.chaos` tells it in docs/reliability.md."""
