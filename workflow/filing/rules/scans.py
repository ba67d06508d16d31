"""What somebody may hand in as a scan: judged by its content, never by its name or by what the sender says it is."""

from __future__ import annotations

LARGEST = 15 * 1024 * 1024  # bytes: twenty pages scanned in colour at 200 dots per inch
PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
_TAIL = 2048  # bytes within which the end mark of a PDF stands, whatever a scanner writes after it


def kind_of(data: bytes) -> str | None:
    """The media type of a whole PDF, PNG or JPEG file; None for anything else."""
    if data.startswith(b"%PDF-") and b"%%EOF" in data[-_TAIL:]:
        return PDF
    if data.startswith(b"\x89PNG\r\n\x1a\n") and b"IEND" in data[-_TAIL:]:
        return PNG
    if data.startswith(b"\xff\xd8\xff") and b"\xff\xd9" in data[-_TAIL:]:
        return JPEG
    return None


def fault_of(data: bytes) -> str | None:
    """Why these bytes cannot be kept, as a message id; None when they can."""
    if not data:
        return "This file is empty. Choose the scan again."
    if len(data) > LARGEST:
        return "This file is larger than 15 MB. Scan it again in grey, or at 200 dots per inch."
    if kind_of(data) is None:
        return "This file is neither a PDF nor a picture (PNG, JPEG). Scan the paper again, or take a photo of it."
    return None
