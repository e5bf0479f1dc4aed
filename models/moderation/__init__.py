"""Content safety (内容安全): nothing that a person wrote is public unchecked.

::

    pieces ─ what was written, and whether others may see it
       ▲
    findings ─ what one provider said     words ─ the editors' own list (敏感词)
       ▲                                    ▲
    checking ─ asks every provider; who gives no answer passes nothing
    deciding ─ people, for what machines leave open; appeals; reports
"""
