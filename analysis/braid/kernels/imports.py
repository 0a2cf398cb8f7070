"""Importing papermill and nbval without what they load and nobody asks for."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

_FORMATS = (
    *("fqdn", "isoduration", "jsonpointer", "rfc3339_validator", "rfc3986_validator"),
    *("rfc3987_syntax", "uri_template", "webcolors"),
)


@contextmanager
def without_formats() -> Iterator[None]:
    """Import jsonschema inside of this without the checkers of formats, which no notebook's schema asks for.

    One of them builds a grammar for internationalised addresses, which takes longer than all the rest. jsonschema
    takes an ImportError there as "not installed"; None in sys.modules is the language's own way to raise it.
    """
    blocked = [name for name in _FORMATS if name not in sys.modules]
    sys.modules.update(dict.fromkeys(blocked))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in blocked:
            del sys.modules[name]


def import_papermill() -> ModuleType:
    """papermill, imported so."""
    with without_formats():
        import papermill
    module: ModuleType = papermill
    return module
