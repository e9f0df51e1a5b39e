"""Photos, documents and voices: their bytes, their ids, and what a picture's first bytes tell about it."""

from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

Json = dict[str, Any]

LARGEST_DOWNLOAD = 20 << 20
"""Bytes that a bot may fetch; larger files can be seen but not read."""

THUMBNAIL: Final = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
)
"""The one small picture that stands for all small sizes, so that whoever takes the wrong size sees it."""

_SMALL = 90
_KINDS = {
    "photo": ("AgAC", "photos", ".jpg"),
    "document": ("BQAC", "documents", ""),
    "voice": ("AwAC", "voice", ".oga"),
}


@dataclass(frozen=True, slots=True)
class File:
    """One stored file and the path at which it is fetched."""

    id: str
    unique_id: str
    kind: str
    path: str
    data: bytes

    @property
    def too_big(self) -> bool:
        return len(self.data) > LARGEST_DOWNLOAD

    @property
    def head(self) -> Json:
        """The fields that every description of a file begins with."""
        return {"file_id": self.id, "file_unique_id": self.unique_id, "file_size": len(self.data)}


@dataclass(slots=True)
class Files:
    """All files that went through the chats."""

    _by_id: dict[str, File] = field(default_factory=dict)
    _by_path: dict[str, File] = field(default_factory=dict)

    def add(self, kind: str, data: bytes, name: str = "") -> File:
        """Keep the bytes under a new id; the same bytes sent twice are two files, as on the real server."""
        number = len(self._by_id)
        unique = sha256(f"{number}:{kind}".encode()).hexdigest()[:16]
        prefix, folder, ending = _KINDS[kind]
        suffix = ending or ("." + name.rpartition(".")[2] if "." in name else "")
        file = File(f"{prefix}{unique}{number:06}", f"AQAD{unique}", kind, f"{folder}/file_{number}{suffix}", data)
        self._keep(file)
        return file

    def by_id(self, file_id: str) -> File | None:
        return self._by_id.get(file_id)

    def by_path(self, path: str) -> File | None:
        return self._by_path.get(path)

    def photo(self, data: bytes) -> list[Json]:
        """The sizes of a new photo, the largest last. Only the largest holds the picture itself."""
        small = self.add("photo", THUMBNAIL)
        full = self.add("photo", data)
        width, height = picture_size(data) or (1280, 960)
        scale = min(1.0, _SMALL / max(width, height))
        reduced = {"width": max(1, round(width * scale)), "height": max(1, round(height * scale))}
        return [{**small.head, **reduced}, {**full.head, "width": width, "height": height}]

    def _keep(self, file: File) -> None:
        self._by_id[file.id] = file
        self._by_path[file.path] = file

    def state(self) -> list[Json]:
        return [
            {
                "id": one.id,
                "unique_id": one.unique_id,
                "kind": one.kind,
                "path": one.path,
                "data": b64encode(one.data).decode(),
            }
            for one in self._by_id.values()
        ]

    @classmethod
    def restored(cls, state: list[Json]) -> "Files":
        files = cls()
        for one in state:
            files._keep(File(**{**one, "data": b64decode(one["data"])}))
        return files


def picture_size(data: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG or JPEG picture, None where the bytes are neither."""
    if data[:8] == b"\x89PNG\r\n\x1a\n" and len(data) >= 24:
        return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
    if data[:2] == b"\xff\xd8":
        return _jpeg_size(data)
    return None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(data[at + 7 : at + 9]), int.from_bytes(data[at + 5 : at + 7])
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
    return None
