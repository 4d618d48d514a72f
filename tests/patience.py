"""How long tests wait for what mostly comes at once: what came costs no more, however long it might have taken.

What is promised in seconds is not measured by these.
"""

START = 60.0  # seconds until a process started or ended
ANSWER = 30.0  # seconds for anything else
