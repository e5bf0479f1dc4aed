"""Trainings (技能培训): programmes, their sessions, seats, sign-ups and the waitlist.

::

    programmes ─ what is taught and for whom     sessions ─ when, where, how many
        ▲                                            ▲
    admission ─ who fits (asks eligibility)      seats ─ the one guarded update
        ▲                                            ▲
        └───────────── enrolments ───────────────────┘
                           ▲
        waitlist ◀─ offers ◀─ answers, sign_ups  loose_ends mends what died half-way

A seat is taken in the session first and written down second; it is given back only
after its record says that it ended. So whatever dies in between can be finished.
"""
