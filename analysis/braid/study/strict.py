"""What every model of study.yml and cohort.yml is made of."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=64)]
"""An identifier of the analyst's: letters, digits and _, beginning with a letter."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]

LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,8})*$")]
"""The code of a language: `en`, `da`, `pt-BR`."""


class Strict(BaseModel):
    """A model that forbids keys it does not know and cannot be changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)
