"""One target under libFuzzer: child MODULE NAME, then libFuzzer's own arguments.

libFuzzer never comes back, so each target has a process of its own. The lines of the
house are instrumented as they are imported, and so are the parsers it leans on.
"""

import importlib
import logging
import sys

import atheris

WATCHED = ["app", "handlers", "models", "miniprogram_api", "tornado", "xmltodict"]
PLANTED = "tests.security.planted"


def main() -> None:
    """Feed one target until libFuzzer has had enough; it leaves with 77 on a find."""
    program, module, name, *options = sys.argv
    logging.disable(logging.CRITICAL)
    with atheris.instrument_imports(include=[*WATCHED, PLANTED]):
        target = importlib.import_module(module).TARGETS[name]

    def feed(content: bytes) -> None:
        target.feed(content)

    atheris.Setup([program, *options], feed)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
