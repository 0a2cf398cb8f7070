"""`python -m braid.language`: write the template of all texts and bring the catalogues up to date with it.

    python -m braid.language             those of the library
    python -m braid.language de          begin or bring up to date analysis/language/de.po of this project

Exit code 2: a text in the code cannot be extracted, or a catalogue cannot be read.
"""

from __future__ import annotations

import sys
from pathlib import Path

from braid.errors import UserError
from braid.language import words
from braid.language.speech import SHIPPED

ROOT = SHIPPED.parents[2]


def main(codes: list[str]) -> int:
    """Write the files and say what is left to translate."""
    try:
        left = words.update(ROOT)
        for code in codes:
            left[code] = _begin(code)
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    for code, texts in left.items():
        print(f"{code}: {len(texts)} texts are not translated")
    return 0


def _begin(code: str) -> list[str]:
    path = Path.cwd() / "analysis" / "language" / f"{code}.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    catalog = words.read(path, code)
    catalog.update(words.template(ROOT), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    path.write_bytes(words.written(catalog))
    return words.untranslated(catalog)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
