"""Which file, rows and columns are which wave of a study that is already written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from braid.drafting.columns import Column
from braid.drafting.draft import Reason
from braid.drafting.keys import Part
from braid.drafting.moments import Moment, moment, moment_of_file
from braid.drafting.patterns import Match, matches
from braid.drafting.splitting import Split, by_rows
from braid.intake.reading import Sure
from braid.study import CohortSpec, Study


@dataclass(frozen=True)
class Wave:
    """A wave found in the files: its part with the columns by item, and why it was taken for this wave."""

    name: str
    label: str
    part: Part
    why: tuple[Reason, ...]


@dataclass
class Waves:
    """The waves in order of time, the evaluation form, and what only a person can answer.

    names: where nothing is known of the items, what each is called without what tells the waves apart.
    """

    waves: list[Wave] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    form: Wave | None = None
    questions: list[str] = field(default_factory=list)


def known_waves(files: Mapping[str, Sequence[Column]], study: Study, like: CohortSpec | None) -> Waves:
    """Find the study's items in the files. like: a cohort whose columns may be called the same."""
    found = Waves()
    parts: list[tuple[Part, tuple[Reason, ...]]] = []
    for file, columns in files.items():
        parts += _parts(file, columns, study, like)
    if study.satisfaction is not None:
        found.form = _form(files, study.satisfaction.items, parts)
        if found.form is not None:
            form = found.form
            parts = [pair for pair in parts if not set(pair[0].columns.values()) & set(form.part.columns.values())]
    _assign(parts, study, like, found)
    return found


def _parts(
    file: str, columns: Sequence[Column], study: Study, like: CohortSpec | None
) -> list[tuple[Part, tuple[Reason, ...]]]:
    """The parts of one file, each with the items it holds."""
    by_scale: list[list[Match]] = []
    usual = list(like.waves.values()) if like is not None else []
    used: set[Column] = set()
    for scale in sorted(study.scales.values(), key=lambda scale: -len(scale.items)):
        there = matches([column for column in columns if column not in used], scale.items, usual)
        used |= {column for match in there for column in match.columns.values()}
        by_scale += [there] if there else []
    if not by_scale:
        return []
    most = max(len(there) for there in by_scale)
    if most == 1:
        merged = {item: column for (match,) in by_scale for item, column in match.columns.items()}
        reasons = _reasons([match for (match,) in by_scale], study)
        long = by_rows(columns)
        if long is not None:
            return [(Part(file, long.rows[t], t, m, merged), (long.why, *reasons)) for t, m in _moments(long)]
        return [(Part(file, {}, file, moment_of_file(file), merged), reasons)]
    parts = []
    for number in range(most):
        merged, there_too, when, token = {}, [], None, ""
        for there in by_scale:
            if len(there) == most:
                merged |= there[number].columns
                there_too.append(there[number])
                if when is None and (when := moment(there[number].marks)) is not None:
                    token = there[number].marks
        first = next(iter(merged.values())).name
        parts.append((Part(file, {}, token or f"{file} from {first} on", when, merged), _reasons(there_too, study)))
    if all(part.moment is not None for part, _ in parts):
        parts.sort(key=lambda pair: pair[0].moment.rank if pair[0].moment else 0)
    return parts


def _reasons(found: Sequence[Match], study: Study) -> tuple[Reason, ...]:
    """Why columns were taken for items: each way of finding them once."""
    total = sum(len(scale.items) for scale in study.scales.values())
    ways: dict[tuple[Sure, str], int] = {}
    for match in found:
        ways[match.sure, match.how] = ways.get((match.sure, match.how), 0) + len(match.columns)
    return tuple(Reason(sure, f"{count} of {total} items: {how}") for (sure, how), count in ways.items())


def _moments(split: Split) -> list[tuple[str, Moment | None]]:
    return list(zip(split.tokens, split.moments, strict=True))


def _form(
    files: Mapping[str, Sequence[Column]], items: Mapping[str, str], parts: Sequence[tuple[Part, tuple[Reason, ...]]]
) -> Wave | None:
    """The evaluation form: where most of its items stand, and not among the items of a scale for certain."""
    taken = {c for part, why in parts if any(r.sure == "certain" for r in why) for c in part.columns.values()}
    best: tuple[int, str, Match] | None = None
    for file, columns in files.items():
        for match in matches([column for column in columns if column not in taken], items):
            if best is None or len(match.columns) > best[0]:
                best = len(match.columns), file, match
    if best is None:
        return None
    _, file, match = best
    return Wave(
        "satisfaction",
        "the evaluation form",
        Part(file, {}, file, None, match.columns),
        (Reason(match.sure, f"{len(match.columns)} of {len(items)} items: {match.how}"),),
    )


def _assign(parts: list[tuple[Part, tuple[Reason, ...]]], study: Study, like: CohortSpec | None, found: Waves) -> None:
    """Give each part its wave: by the name of its file as in the model, by a word on time, or by the order given."""
    free = dict(study.waves)
    named: dict[str, tuple[Part, tuple[Reason, ...]]] = {}
    waiting = []
    moments = {name: moment(name) or moment(label) for name, label in study.waves.items()}
    usual = {wave.file: name for name, wave in like.waves.items()} if like else {}
    single = [part.file for part, _ in parts]
    for part, why in parts:
        name, reason = None, None
        if single.count(part.file) == 1 and usual.get(part.file) in free:
            name = usual[part.file]
            reason = Reason("certain", f"{part.file} is this wave in the cohort it was made like")
        elif part.moment is not None:
            same = [w for w, m in moments.items() if w in free and m is not None and _same(m, part.moment)]
            name = same[0] if same else None
            reason = Reason("certain", f"{part.token!r} says when it was asked")
        if name is None or reason is None:
            waiting.append((part, why))
        else:
            del free[name]
            named[name] = part, (reason, *why)
    for (part, why), name in zip(waiting, list(free), strict=False):
        told = all(part.moment is not None for part, _ in waiting)
        only = len(free) == 1 and len(waiting) == 1 and len(study.waves) > 1
        ordered = (
            "order in time" if told else "order in which they were given" if not part.rows else "order in the file"
        )
        reason = Reason("likely" if told or only else "a guess", f"by the {ordered}")
        if len(study.waves) > 1 and not told:
            found.questions.append(
                f"waves.{name}: is {part.token} this wave? It was taken for it by the {ordered} alone."
            )
        named[name] = part, (reason, *why)
    left = waiting[len(free) :]
    for part, _ in left:
        found.questions.append(f"{part.token} holds items of the study, but all its waves are filled: it was left out.")
    found.waves = [Wave(name, label, *named[name]) for name, label in study.waves.items() if name in named]
    missing = [name for name in study.waves if name not in named]
    if found.waves and missing:
        found.questions.append(
            f"No file holds the wave{'s' * (len(missing) > 1)} {', '.join(missing)}: it was left out."
        )
    found.waves = [replace(wave, part=replace(wave.part, token=wave.name)) for wave in found.waves]


def _same(one: Moment, two: Moment) -> bool:
    return one.name == two.name or {one.name, two.name} in ({"pre", "t0"}, {"mid", "t1"})
