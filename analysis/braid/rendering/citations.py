"""Citations and the list of references, set once for all formats: citeproc is slow, and gives each the same."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from braid.rendering.pandoc import Node, run, version
from braid.rendering.remembering import remembered


def cited(tree: Node, files: Sequence[Path], directory: Path, kept: Path | None = None) -> Node:
    """A tree with its citations set and its references listed; one without a bibliography stays as it is.

    files: the bibliography and the style; directory: where pandoc finds what is named by a relative path; kept: the
    folder that remembers the last answer.
    Only the blocks that cite, the place for the references, and the last block, below which they would stand if
    there were no such place, go through pandoc.
    """
    if "bibliography" not in tree["meta"]:
        return tree
    blocks: list[Node] = list(tree["blocks"])
    concerned = [place for place, block in enumerate(blocks) if _is_concerned(block) or place == len(blocks) - 1]
    sent = {**tree, "blocks": [blocks[place] for place in concerned]}
    text = json.dumps(sent, ensure_ascii=False).encode("utf-8")
    arguments = ["--from=json", "--to=json", "--citeproc", f"--resource-path={directory}"]
    answer = json.loads(
        remembered(
            kept,
            "citations",
            (version(), *map(str.encode, arguments), text, *(path.read_bytes() for path in files)),
            lambda: run(arguments, text=text),
        )
    )
    fresh: list[Node] = answer["blocks"]
    for place, block in zip(concerned, fresh, strict=False):
        blocks[place] = block
    return {**answer, "blocks": [*blocks, *fresh[len(concerned) :]]}


def _is_concerned(block: Node) -> bool:
    text = json.dumps(block)
    return '"t": "Cite"' in text or '["refs", ' in text
