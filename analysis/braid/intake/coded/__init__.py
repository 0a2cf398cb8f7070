"""One reader per coding program; every reader returns the same thing: a CodedProject."""

from braid.intake.coded.project import SEGMENTS, Code, CodedProject, code_path, split_path
from braid.intake.coded.reading import is_project, read_project
from braid.intake.coded.turns import Speakers, Turn, all_turns, is_talk, turns

__all__ = [
    "SEGMENTS",
    "Code",
    "CodedProject",
    "Speakers",
    "Turn",
    "all_turns",
    "code_path",
    "is_project",
    "is_talk",
    "read_project",
    "split_path",
    "turns",
]
