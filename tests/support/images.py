"""Pictures to upload."""

import io
from typing import Any

from PIL import Image

from tests.support.people import Person


def png(width: int = 64, height: int = 48, colour: tuple[int, int, int] = (200, 40, 90)) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(made, "PNG")
    return made.getvalue()


async def upload(person: Person, data: bytes | None = None, path: str = "/api/v2/media", **fields: str) -> Any:
    """The answer to uploading a picture."""
    files = {"file": ("picture.png", data or png(), "image/png")}
    response = await person.request("POST", path, files=files, data=fields)
    assert response.status_code == 200, response.text
    return response.json()
