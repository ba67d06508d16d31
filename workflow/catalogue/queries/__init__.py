"""Read what is published."""

from workflow.catalogue.queries.versions import (
    Known,
    Published,
    adopted,
    current,
    files,
    known_versions,
    material,
    slugs,
    version,
)

__all__ = ["Known", "Published", "adopted", "current", "files", "known_versions", "material", "slugs", "version"]
