"""Eligibility (资格): who fits a rule, in three values, and what to ask next.

Policies and trainings both ask here. Nothing in this room reads or writes: a rule
and a person's facts go in, a verdict with its reasons comes out::

    rules.decode(raw) ─▶ Rule ┐
    facts.decode(raw) ─▶ Facts ┼▶ evaluate.evaluate ─▶ Verdict ─▶ questions
    {"application_date": day} ─┘

An editor's draft goes through ``checks.check_rule`` and ``persons.run_test_persons``
before it may be submitted.
"""
