"""A zip that a stranger made, read with care: nothing is unpacked onto the disk, and nothing larger than it may be."""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import TracebackType

from braid.errors import UserError
from braid.intake.leaving_out import counted

MEMBERS = 20_000
XML = 100 * 2**20
TEXT = 50 * 2**20
ALL = 500 * 2**20
AGAIN = "export the project again, and copy the whole file"


@dataclass
class Archive:
    """An open zip. name: for messages. Raises UserError where it is none, locked, or names places outside of itself."""

    path: Path
    name: str

    def __enter__(self) -> Archive:
        self.read_so_far = 0
        self._zip = self._opened()
        inside = self._zip.infolist()
        self.members = {PurePosixPath(_slashes(info.filename)): info for info in inside if not info.is_dir()}
        try:
            self._may_be_read(inside)
        except UserError:
            self._zip.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    def read(self, member: PurePosixPath, most: int) -> bytes:
        """The content of a member. Raises UserError where it is larger than `most` bytes, or damaged."""
        most = min(most, ALL - self.read_so_far)
        try:
            with self._zip.open(self.members[member]) as file:
                content = file.read(most + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
            raise UserError(
                f"{member.name} inside of this file is damaged", place=self.name, found=str(error), todo=AGAIN
            ) from None
        if len(content) > most:
            raise UserError(
                f"{member.name} inside of this file unpacks to more than {most // 2**20} MB, which no transcript needs",
                place=self.name,
                found=f"{self.members[member].compress_size:,} bytes packed",
                todo="make sure of where the file comes from; a real project this large must be split",
            )
        self.read_so_far += len(content)
        return content

    def _opened(self) -> zipfile.ZipFile:
        try:
            return zipfile.ZipFile(self.path)
        except FileNotFoundError:
            raise UserError(
                "this file does not exist", place=self.name, todo="copy it there, or mend its name in cohort.yml"
            ) from None
        except PermissionError:
            raise UserError(
                "this file may not be read", place=self.name, todo="close the program that has it open, and try again"
            ) from None
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            whole = self.path.read_bytes()[:4] if self.path.is_file() else b""
            found = "an empty file" if not whole else "a zip that was cut off" if whole[:2] == b"PK" else str(error)
            raise UserError(
                "this is not a zip, as a .qdpx project is", place=self.name, found=found, todo=AGAIN
            ) from None

    def _may_be_read(self, inside: list[zipfile.ZipInfo]) -> None:
        if len(inside) > MEMBERS:
            raise UserError(
                f"this file holds more than {MEMBERS:,} files",
                place=self.name,
                found=counted(len(inside), "file"),
                todo="make sure of where it comes from",
            )
        if any(info.flag_bits & 1 for info in inside):
            raise UserError(
                "this file is protected by a password", place=self.name, todo="save it without one, and copy it again"
            )
        for info in inside:
            if outside(info.filename):
                raise UserError(
                    "this file names a place outside of itself, as an attack would",
                    place=self.name,
                    found=repr(info.filename[:80]),
                    todo="make sure of where it comes from; no coding program writes such a name",
                )


def outside(path: str) -> bool:
    """Whether a path inside an archive leads out of it."""
    plain = _slashes(path)
    return plain.startswith("/") or ".." in PurePosixPath(plain).parts or plain[1:2] == ":"


def _slashes(path: str) -> str:
    return path.replace("\\", "/")
