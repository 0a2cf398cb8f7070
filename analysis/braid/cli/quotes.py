"""`braid quotes`: what could be quoted, theme by theme, and the decisions of a named person on it."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from braid.cleaning import read_interviews
from braid.cleaning.quotes_file import Verdict, write_verdicts
from braid.errors import UserError
from braid.qualitative import Candidate, candidates, check_edit, deny_list, scan, unmet
from braid.study import Cohort, check_name, did_you_mean, open_cohort

WIDTH = 80
NEW_FILE = "quotes.csv"
KEYS = "y = may be quoted, n = must not, s = leave open, q = stop"


@dataclass(frozen=True)
class _Quotable:
    """A cohort's passages. deny: words that must not be quoted.

    file: of the approvals, in the cohort's folder; named: whether cohort.yml names it.
    """

    cohort: Cohort
    found: list[Candidate]
    deny: list[str]
    lost: int
    file: str
    named: bool


def show_quotes(
    name: str,
    *,
    theme: str | None = None,
    approve: str | None = None,
    refuse: str | None = None,
    by: str | None = None,
    reason: str = "",
    edit: str = "",
    deviant: bool = False,
) -> None:
    """Print the candidates, or take decisions on them; with a name alone, ask one by one at a terminal.

    Nothing is approved but what a named person says. edit: how one passage is worded in the report, each change in
    square brackets. deviant: what is approved speaks against the others. Raises UserError where a number is not there,
    nobody is named, an edit is not marked, or a passage may identify somebody and the reason does not say why it may
    stay.
    """
    quotable = _open(name)
    wanted = _wanted(_labels(quotable.cohort), theme)
    if approve is None and (edit or deviant):
        raise UserError(
            "it is not said which passage this is about",
            place="--edit" if edit else "--deviant",
            todo=f'add --approve NUMBER --by "Your Name", with a number that braid quotes {name} shows',
        )
    if approve is None and refuse is None and by is None:
        _print_candidates(quotable, wanted)
        return
    who = (by or "").strip()
    if not who:
        raise UserError(
            "nobody is named for this decision",
            expected="the name of the person who decides",
            todo=f'add --by "Your Name", as in: braid quotes {name} --approve 3,7 --by "Your Name"',
        )
    chosen = _chosen(quotable.found, approve, "--approve")
    if edit and len(chosen) > 1:
        raise UserError("one wording cannot stand for several passages", place="--edit", todo="approve one at a time")
    verdicts = [
        *(_verdict(_as_edited(one, edit, quotable.deny), True, who, reason, edit, deviant) for one in chosen),
        *(_verdict(one, False, who, reason) for one in _chosen(quotable.found, refuse, "--refuse")),
    ]
    if approve is None and refuse is None:
        if not sys.stdin.isatty():
            raise UserError(
                "there is no terminal to ask at",
                todo=f'say which passages: braid quotes {name} --approve 3,7 --by "{who}"',
            )
        verdicts = _ask(
            [one for one in quotable.found if one.state == "open" and set(wanted) & set(one.themes)],
            quotable,
            who,
            input,
        )
    _check_once(verdicts)
    _write(quotable, verdicts)


def _open(name: str) -> _Quotable:
    cohort = open_cohort(check_name(name))
    spec = cohort.spec.interviews
    if spec is None:
        raise UserError(
            "this cohort has no interviews", place=f"data_raw/{name}/cohort.yml", todo="name its files there"
        )
    named = spec.quotes is not None
    # approvals that cohort.yml does not name yet are read all the same: a second call must not forget the first
    waiting = not named and cohort.raw(NEW_FILE).is_file()
    coded = read_interviews(_naming(cohort, NEW_FILE) if waiting else cohort)
    assert coded is not None and cohort.study.coding is not None
    deny = deny_list(cohort.study.coding, coded.interviewees, coded.segments)
    found = candidates(
        coded.segments,
        coded.quotes,
        coded.interviewees,
        cohort=cohort.name,
        deny_list=deny,
        consensus=coded.consensus,
        coding=cohort.study.coding,
    )
    lost = len(unmet(coded.quotes, [one.place for one in found]))
    return _Quotable(cohort, found, deny, lost, spec.quotes or NEW_FILE, named)


def _naming(cohort: Cohort, file: str) -> Cohort:
    assert cohort.spec.interviews is not None
    interviews = cohort.spec.interviews.model_copy(update={"quotes": file})
    return replace(cohort, spec=cohort.spec.model_copy(update={"interviews": interviews}))


def _wanted(labels: dict[str, str], theme: str | None) -> list[str]:
    """Paths of the themes whose path or label holds the words. Raises UserError where there are none."""
    wanted = [path for path, label in labels.items() if (theme or "").casefold() in f"{path} {label}".casefold()]
    if not wanted:
        raise UserError("there is no such theme", found=theme, todo=did_you_mean(theme or "", list(labels)))
    return wanted


def _labels(cohort: Cohort) -> dict[str, str]:
    """`Barriers > Lack of time` of each theme by its path."""
    assert cohort.study.coding is not None
    themes = cohort.study.coding.paths()
    labels = {}
    for path in themes:
        steps = path.split(".")
        labels[path] = " > ".join(themes[".".join(steps[: i + 1])].label for i in range(len(steps)))
    return labels


def _print_candidates(quotable: _Quotable, wanted: Sequence[str]) -> None:
    cohort, labels = quotable.cohort, _labels(quotable.cohort)
    states = [one.state for one in quotable.found]
    counts = ", ".join(f"{states.count(state)} {state}" for state in ("approved", "refused", "open"))
    _say(f"{cohort.spec.title} ({cohort.name}): {len(states)} coded passages, {counts}")
    for path in wanted:
        own = [one for one in quotable.found if path in one.themes]
        if not own:
            continue
        quoted = {one.participant for one in own if one.state == "approved" and not one.findings and not one.problem}
        print()
        _say(labels[path])
        voices = len({one.participant for one in own})
        _say(f"{voices} participant{'' if voices == 1 else 's'}, {len(quoted)} of them with an approved passage", 2)
        for one in own:
            _print_one(one, cohort)
    print()
    if quotable.lost:
        _say(f"{quotable.lost} decisions in {quotable.file} meet no coded passage any more.")
    if not quotable.named:
        _say(f"cohort.yml names no file of approvals; decisions would go to data_raw/{cohort.name}/{quotable.file}.")
    _say("The report chooses among the approved: two participants for each theme, no one more than twice.")
    print(f'approve: braid quotes {cohort.name} --approve 3,7 --by "Your Name"')
    print(f'refuse:  braid quotes {cohort.name} --refuse 4 --by "Your Name" --reason "..."')
    print(f'one by one: braid quotes {cohort.name} --by "Your Name"')
    _say('with --approve, --edit "words [...] words" shortens, and --deviant marks who speaks against the others')


def _print_one(one: Candidate, cohort: Cohort) -> None:
    assert cohort.study.coding is not None
    group = cohort.study.coding.groups.get(one.group, one.group)
    who = ", ".join(part for part in (one.participant or "speaker not known", group) if part)
    _say(
        f"{one.number:>4}  [{'x' if one.state == 'approved' else '-' if one.state == 'refused' else ' '}] {who}",
        hang=10,
    )
    _say(f"“{one.text}”", 10)
    # a source may be named after who was interviewed, so it stands here, for the team, and in no report
    _say(f"from {one.place[0]}{'; speaks against the others' if one.deviant else ''}", 10)
    if one.state != "open":
        why = f": {one.reason}" if one.reason else ""
        _say(f"{one.state} by {one.by or 'nobody named'}{why}", 10)
    if one.state != "refused":
        for finding in one.findings:
            _say(f"blocked: {finding.kind} “{finding.text}”", 10)
        if one.problem:
            _say(f"blocked: {one.problem}", 10)


def _say(text: str, indent: int = 0, hang: int | None = None) -> None:
    """A paragraph that fits in 80 columns."""
    further = " " * (indent if hang is None else hang)
    # ids and long words of other scripts are left whole rather than cut
    print(textwrap.fill(text, WIDTH, initial_indent=" " * indent, subsequent_indent=further, break_long_words=False))


def _chosen(found: Sequence[Candidate], numbers: str | None, option: str) -> list[Candidate]:
    if numbers is None:
        return []
    known = {str(one.number): one for one in found}
    wanted = [part.strip() for part in numbers.split(",") if part.strip()]
    wrong = [part for part in wanted if part not in known]
    if wrong or not wanted:
        raise UserError(
            "there is no passage with this number",
            place=option,
            found=", ".join(wrong) or "nothing",
            expected=f"numbers from 1 to {len(found)}, parted by commas",
            todo="call braid quotes with the cohort's name alone to see them",
        )
    return [known[part] for part in dict.fromkeys(wanted)]


def _as_edited(one: Candidate, edit: str, deny: Sequence[str]) -> Candidate:
    """The candidate in the words it is to be quoted with. Raises UserError where a change in them is not marked."""
    if not edit:
        return one
    check_edit(edit, one.words, one.place)
    return replace(one, text=edit, findings=tuple(scan(edit, deny)), cleared=())


def _verdict(one: Candidate, approved: bool, by: str, reason: str, edit: str = "", deviant: bool = False) -> Verdict:
    """The decision on a candidate. Raises UserError where it may not be approved, or is refused without a reason."""
    if approved and one.problem.startswith("it is not known"):
        raise UserError(one.problem, place=f"passage {one.number}", todo="name the participant of this passage first")
    named = reason.casefold()
    # what an earlier reason cleared must be cleared by the new one, which takes its place
    open_kinds = [kind for kind in _kinds_of(one) if kind not in named]
    if approved and open_kinds:
        raise UserError(
            "this passage may identify somebody",
            place=f"passage {one.number}",
            found=", ".join(f"{finding.kind} “{finding.text}”" for finding in one.findings) or ", ".join(open_kinds),
            todo=f'leave it out, --edit "words [...] words"; say why it may stay, --reason "{open_kinds[0]}: ..."; or '
            f"--refuse {one.number}",
        )
    if not approved and not reason.strip():
        raise UserError(
            "a refusal needs a reason", place=f"passage {one.number}", todo='add --reason "...", in a few words'
        )
    source, start, end, words = one.place
    return Verdict(source, start, end, words, approved, by, reason.strip(), edit.strip(), deviant)


def _kinds_of(one: Candidate) -> tuple[str, ...]:
    """The kinds that a new reason must name: what is open, and what only the standing reason had cleared."""
    return tuple(dict.fromkeys([*one.kinds, *one.cleared]))


def _ask(waiting: Sequence[Candidate], quotable: _Quotable, by: str, answer: Callable[[str], str]) -> list[Verdict]:
    """Ask a person for each open passage; what was answered before a stop counts."""
    labels = _labels(quotable.cohort)
    verdicts: list[Verdict] = []
    _say(f"{len(waiting)} passages are open. For each: {KEYS}.")
    for one in waiting:
        print()
        _say("; ".join(labels[path] for path in one.themes))
        _print_one(one, quotable.cohort)
        try:
            said = answer("      may it be quoted? [y/n/s/q] ").strip().casefold()[:1]
            if said == "q":
                break
            if said not in ("y", "n"):
                continue
            needed = said == "n" or bool(one.kinds)
            hint = f" (name each kind, as in `{one.kinds[0]}: it is public`)" if said == "y" and one.kinds else ""
            reason = answer(f"      why{hint}? ") if needed else ""
            verdicts.append(_verdict(one, said == "y", by, reason))
        except (EOFError, KeyboardInterrupt):
            print()
            break
        except UserError as error:
            _say(f"not taken: {error.message}", 6)
    return verdicts


def _check_once(verdicts: Sequence[Verdict]) -> None:
    places = [(verdict.source, verdict.start, verdict.end, verdict.words) for verdict in verdicts]
    if len(set(places)) < len(places):
        raise UserError("a passage is approved and refused in one call", todo="name each number once")


def _write(quotable: _Quotable, verdicts: Sequence[Verdict]) -> None:
    cohort, file = quotable.cohort, quotable.file
    if not verdicts:
        print("nothing was decided, nothing was written")
        return
    place = f"data_raw/{cohort.name}/{file}"
    write_verdicts(cohort.raw(file), place, verdicts, cohort.spec.files.get(file))
    before = {one.place: one for one in quotable.found}
    for verdict in verdicts:
        one = before[(verdict.source, verdict.start, verdict.end, verdict.words)]
        words = verdict.edited_text or one.text
        _say(f"{one.number:>4}  {'approved' if verdict.approved else 'refused'} by {verdict.by}: “{words}”", hang=6)
        if one.state != "open":
            _say(f"it was {one.state} by {one.by or 'nobody named'}{f': {one.reason}' if one.reason else ''}", 6)
    print(f"written to {place}")
    if not quotable.named:
        print(f"now add this line under `interviews:` in data_raw/{cohort.name}/cohort.yml:")
        print(f"  quotes: {file}")
    print(f"next: braid run {cohort.name}")
