"""What is done to the published forms, one verb per function."""

from workflow.catalogue.actions.publishing import adopt, publish, refit

__all__ = ["adopt", "publish", "refit"]
