"""What is done to the published forms, one verb per function."""

from workflow.catalogue.actions.following import follow
from workflow.catalogue.actions.proposing import propose, release, take_common, withdraw
from workflow.catalogue.actions.publishing import adopt, publish, refit
from workflow.catalogue.actions.retiring import bring_back, retire

__all__ = [
    "adopt",
    "bring_back",
    "follow",
    "propose",
    "publish",
    "refit",
    "release",
    "retire",
    "take_common",
    "withdraw",
]
