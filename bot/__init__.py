"""Loket: which civil-registry services work today, and a word to those who wait the moment they are back.

Staff assert, in reports that are never changed; what follows is computed. Deciding is plain functions over frozen data,
given the time; the edges act. The three journeys:

A citizen asks
    Telegram → inbox/ → handlers/citizen.py → office/asking.py
    language/questions.py reads the words                                             pure
    office/boards.py has the board of this minute in memory (rules/standing.py made it) pure
    language/answers.py says what, language/texts.py in which words                   pure
    → Telegram

Staff report
    Telegram → inbox/ → handlers/staff.py → office/reporting.py
    language/report_line.py reads the line, rules/standing.py tells what would change   pure
    or by taps: handlers/wizard.py → office/drafting.py
    rules/drafts.py knows what is asked next, language/wizard_texts.py shows it       pure
    → the preview; a tap on Terbitkan →
    one transaction of store/: the report, and the notice that rules/notices.py says it owes

A notice goes out
    delivery/broadcaster.py, while it holds the sender's lease: when a notice is due
    release.py makes one delivery for each chat that is owed it, or that must be set right (rules/corrections.py)
    claim a batch → jobs.py: what may go now → courier.py → office/telling.py: what is still true → pacing.py
    → Telegram → fate.py → settling.py

Imports point down: cli → runner → (handlers | inbox | delivery | web) → office → (store | language) → rules.
runner.py puts the parts together, for each kind of process those it has (processes.py); only clock.py asks the time.
"""
