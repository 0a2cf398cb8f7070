"""A cohort.yml for a new folder, written from the study alone."""

from __future__ import annotations

import yaml

from braid.study import Study, check_name


def draft_cohort(study: Study, name: str, seed: int) -> str:
    """Text of a cohort.yml that names a file for everything the study collects. Raises UserError for a bad name."""
    check_name(name)
    content: dict[str, object] = {"title": f"Simulated cohort {name}", "synthetic": True, "seed": seed}
    if study.scales:
        content["people"] = {
            "file": "participants.csv",
            "key": "participant",
            "characteristics": {characteristic: characteristic for characteristic in study.characteristics},
        }
        content["waves"] = {wave: {"file": f"survey_{wave}.csv", "key": "participant"} for wave in study.waves}
        if study.satisfaction is not None:
            content["satisfaction"] = {"file": "evaluation.csv", "key": "participant"}
    if study.coding is not None:
        content["interviews"] = {
            "segments": "segments.csv",
            "participants": "focus_groups.csv",
            "quotes": "quotes.csv",
            **({"consensus": "consensus.csv"} if study.coding.approach == "codebook" else {}),
            "transcripts": "transcripts",
        }
    header = f"# A synthetic cohort for trying the report; `braid simulate {name}` makes its files.\n"
    return header + yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
