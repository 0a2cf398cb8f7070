"""Sharing out quotes: who speaks for which theme, so that many voices are heard and none too often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Set


def assign(
    speakers: Mapping[str, Set[str]],
    groups: Mapping[str, str],
    per_theme: int,
    per_participant: int,
    *,
    first: Mapping[str, Set[str]],
    rank: Mapping[str, int],
) -> dict[str, list[str]]:
    """Participants for each theme, distinct within it, no participant more than `per_participant` times.

    speakers: who could be quoted on each theme. first: those of whom a theme wants one. rank: settles ties.
    Themes are served in rounds, those with the fewest speakers first. Where everybody left for a theme has
    been quoted often enough, an earlier choice is moved to another speaker if that frees somebody (augmenting
    paths, as in bipartite matching), so no theme goes short that need not.
    """
    chosen: dict[str, list[str]] = {theme: [] for theme in speakers}
    load: Counter[str] = Counter()

    def preference(theme: str) -> list[str]:
        heard_here = Counter(groups.get(person, "") for person in chosen[theme])
        heard = Counter(groups.get(person, "") for people in chosen.values() for person in people)
        preferred = first.get(theme, frozenset())
        has_one = any(person in preferred for person in chosen[theme])
        return sorted(
            speakers[theme] - set(chosen[theme]),
            key=lambda person: (
                (person in preferred) == has_one,
                heard_here[groups.get(person, "")],
                load[person],
                heard[groups.get(person, "")],
                rank[person],
            ),
        )

    def give(theme: str, tried: set[str]) -> bool:
        waiting = []
        for person in preference(theme):
            if person in tried:
                continue
            tried.add(person)
            if load[person] < per_participant:
                load[person] += 1
                chosen[theme].append(person)
                return True
            waiting.append(person)
        for person in waiting:
            for other, people in chosen.items():
                if person in people and other != theme:
                    position = people.index(person)
                    people.pop(position)
                    if give(other, tried):
                        chosen[theme].append(person)
                        return True
                    people.insert(position, person)
        return False

    served = sorted(speakers, key=lambda theme: len(speakers[theme]))
    for _ in range(per_theme):
        for theme in served:
            give(theme, set())
    return chosen
