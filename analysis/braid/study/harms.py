"""What a cohort's team recorded of adverse events, as it stands in cohort.yml."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from braid.study.strict import Strict, Text


class AdverseEvent(Strict):
    """One kind of adverse event. people: who had it at least once; events: how often it happened, else once a person.

    serious, related: of these events, how many were serious, and how many the team puts down to the programme.
    """

    event: Text
    people: int = Field(ge=1)
    events: int | None = Field(default=None, ge=1)
    serious: int = Field(default=0, ge=0)
    related: int = Field(default=0, ge=0)

    @property
    def times(self) -> int:
        """How often it happened."""
        return self.people if self.events is None else self.events

    @model_validator(mode="after")
    def _counts_agree(self) -> Self:
        if self.times < self.people:
            raise ValueError(f"{self.people} people cannot have had {self.times} events")
        if max(self.serious, self.related) > self.times:
            raise ValueError(f"more events are serious or related than there were ({self.times})")
        return self


class AdverseEvents(Strict):
    """Adverse events as the team counted them (CONSORT Harms 2022). An empty list of events says: none was recorded.

    collected: how and how long they were looked for, as a sentence. at_risk: how many people could have had one; else
    those who began, or answered the first wave. people: how many had any; needed where there are several kinds.
    withdrew: how many left because of one. The counts are shown as they are written here.
    """

    collected: str = ""
    at_risk: int | None = Field(default=None, ge=1)
    people: int | None = Field(default=None, ge=0)
    withdrew: int = Field(default=0, ge=0)
    events: list[AdverseEvent] = Field(default_factory=list)

    @property
    def with_any(self) -> int | None:
        """How many people had any event; None where nobody says."""
        if not self.events:
            return 0
        return self.events[0].people if len(self.events) == 1 else self.people

    @model_validator(mode="after")
    def _counts_agree(self) -> Self:
        most = max((kind.people for kind in self.events), default=0)
        if self.people is not None and not most <= self.people <= sum(kind.people for kind in self.events):
            raise ValueError(f"{self.people} people with any event does not go with the people of each kind")
        if self.at_risk is not None and max(most, self.people or 0, self.withdrew) > self.at_risk:
            raise ValueError(f"more people had an event, or left, than were at risk ({self.at_risk})")
        return self
