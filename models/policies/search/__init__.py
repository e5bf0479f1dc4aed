"""Finding what the inn has written, in the words people use: one index a process.

::

    Entry ──▶ impacts, pinyin ──▶ Index (tantivy, in memory)      one changed: put
                                     │                            all: load
    Query ──▶ question ──▶ ranking ──┴──▶ Hits ──▶ highlight
                 ▲
              Synonyms (data, swapped while running)

It knows no MongoDB and no clock: whoever feeds it says what there is, whoever asks
says when now is.

Why scores are whole numbers worked out when a text is put in, and not tantivy's own
BM25: `ranking`.
"""
