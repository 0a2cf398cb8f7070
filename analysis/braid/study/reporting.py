"""What only the team can tell: the programme by TIDieR, and what reporting guidelines ask of a study."""

from __future__ import annotations

from braid.study.strict import Strict, Text


class Delivery(Strict):
    """A programme by the items of TIDieR (Hoffmann et al. 2014), each in the team's words; what is left out is missing.

    In study.yml it says what was planned; in cohort.yml what was so in this cohort, which then counts instead.
    """

    why: str = ""
    materials: str = ""
    procedures: str = ""
    provider: str = ""
    mode: str = ""
    place: str = ""
    when_and_how_much: str = ""
    tailoring: str = ""
    modifications: str = ""
    fidelity_planned: str = ""
    fidelity_actual: str = ""


class Programme(Delivery):
    """What was offered to whom, in the words of the study's team."""

    name: Text
    participants: Text
    description: Text


class Involvement(Strict):
    """How patients or the public took part in the research: the short form of GRIPP2 (Staniszewska et al. 2017)."""

    aim: str = ""
    methods: str = ""
    results: str = ""
    influence: str = ""
    reflection: str = ""


class Reporting(Strict):
    """What reporting guidelines ask and no file of data can tell. Every key is optional and shown where it is given.

    problem, rationale: what is at issue, and why numbers and words are both needed (introduction). mixing: purpose,
    priority and sequence of the strands. paradigm, sampling, collection, instruments, trustworthiness, ethics: how the
    study was done (methods). limits: what one strand could not do because of the other. limitations, transferability:
    the discussion's. funding, conflicts: the declarations. What a cohort says in cohort.yml counts instead.
    """

    problem: str = ""
    rationale: str = ""
    mixing: str = ""
    paradigm: str = ""
    sampling: str = ""
    collection: str = ""
    instruments: str = ""
    trustworthiness: str = ""
    ethics: str = ""
    limits: str = ""
    limitations: str = ""
    transferability: str = ""
    funding: str = ""
    conflicts: str = ""
    involvement: Involvement = Involvement()
