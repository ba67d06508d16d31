"""The papers of dossiers in the list of all papers: those written, and what is still to be signed before it is."""

from workflow.dossiers.queries.shelves.to_sign import TO_SIGN
from workflow.dossiers.queries.shelves.written import OF_DOSSIERS

__all__ = ["OF_DOSSIERS", "TO_SIGN"]
