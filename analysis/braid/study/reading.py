"""YAML files into models: every mistake at once, each with its dotted place, and a did-you-mean."""

from __future__ import annotations

import difflib
from collections.abc import Hashable
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError

from braid.errors import UserError, UserErrors

Model = TypeVar("Model", bound=BaseModel)


class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The safe loader written in C, where it is there: the same results ten times as fast."""


class _UniqueKeys(Loader):
    """YAML keeps the last of two equal keys without a word; here that is a mistake."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Hashable] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.MarkedYAMLError(problem=f"the key {key!r} stands twice", problem_mark=key_node.start_mark)
            seen.add(key)
        mapping: dict[Hashable, Any] = super().construct_mapping(node, deep)
        return mapping


def read_yaml(path: Path, name: str) -> dict[str, Any]:
    """Read a mapping from a YAML file. name: how messages call the file. Raises UserError."""
    return _parsed(_text(path, name), name)


def _text(path: Path, name: str) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise UserError("this file does not exist", place=name, todo="create it, or check its name") from None
    except UnicodeDecodeError:
        raise UserError("this file is not UTF-8 text", place=name, todo="save it as UTF-8") from None


def _parsed(text: str, name: str) -> dict[str, Any]:
    try:
        content = yaml.load(text, _UniqueKeys)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"{name}: line {mark.line + 1}, column {mark.column + 1}" if mark else name
        raise UserError(
            "this is not valid YAML",
            place=place,
            found=error.problem or str(error),
            todo="check indentation, colons and quotation marks there",
        ) from error
    if not isinstance(content, dict):
        raise UserError("this file holds no keys", place=name, expected="lines of the form `key: value`")
    return content


def read_model(path: Path, name: str, model: type[Model]) -> Model:
    """Read and validate a YAML file. Raises UserErrors with every mistake in it."""
    return _modelled(_text(path, name), name, model)  # type: ignore[return-value]


@lru_cache(maxsize=16)
def _modelled(text: str, name: str, model: type[BaseModel]) -> BaseModel:
    """Kept for the text it was made from: the stages of a report open one another, each with the same two files."""
    content = _parsed(text, name)
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise UserErrors([_explain(item, name, model) for item in error.errors()]) from error


def did_you_mean(word: str, known: list[str]) -> str:
    """`did you mean "x"?`, or the whole list of known words."""
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]}?"
    return f"use one of: {', '.join(known)}" if known else "remove it"


def _explain(item: Any, name: str, model: type[BaseModel]) -> UserError:
    place = [str(part) for part in item["loc"] if not str(part).startswith(("function-", "constrained-"))]
    where = f"{name}: {'.'.join(place)}" if place else name
    found = item.get("input")
    shown = None if isinstance(found, dict | list) or found is None else repr(found)
    match item["type"]:
        case "extra_forbidden":
            known = list(_model_at(model, place[:-1]).model_fields)
            return UserError("this key is not known", place=where, todo=did_you_mean(place[-1], known))
        case "missing":
            return UserError("this key is missing", place=where, todo="add it")
        case "value_error":
            return UserError(str(item["ctx"]["error"]), place=where)
        case _:
            return UserError(item["msg"], place=where, found=shown)


def _model_at(model: type[BaseModel], place: list[str]) -> type[BaseModel]:
    """The model a place inside the file is validated by; steps through lists and mappings."""
    current = model
    for step in place:
        if step in current.model_fields:
            inner = _models_in(current.model_fields[step].annotation)
            if inner:
                current = inner[0]
    return current


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for argument in get_args(annotation) for found in _models_in(argument)]
