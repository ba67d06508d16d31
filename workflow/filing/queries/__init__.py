"""Read papers, kept files and letterheads; recognise a copy."""

from workflow.filing.queries.authority import HOUSE, authority, certificates, house_style, seal, stamper, trust_roots
from workflow.filing.queries.files import answer, bytes_of_file, file, file_seal, files_of, kept_file, lives
from workflow.filing.queries.letterheads import letterhead_of
from workflow.filing.queries.papers import (
    FORMATS,
    by_reference,
    bytes_of,
    issued,
    paper,
    paper_seal,
    papers,
    printed_reference,
    replacing,
    void_copies,
    with_hash,
)
from workflow.filing.queries.recognised import Recognised, place_names, recognised, register_states
from workflow.filing.queries.signatures import register_signatures

__all__ = [
    "FORMATS",
    "HOUSE",
    "Recognised",
    "answer",
    "authority",
    "by_reference",
    "bytes_of",
    "bytes_of_file",
    "certificates",
    "file",
    "file_seal",
    "files_of",
    "house_style",
    "issued",
    "kept_file",
    "letterhead_of",
    "lives",
    "paper",
    "paper_seal",
    "papers",
    "place_names",
    "printed_reference",
    "recognised",
    "register_signatures",
    "register_states",
    "replacing",
    "seal",
    "stamper",
    "trust_roots",
    "void_copies",
    "with_hash",
]
