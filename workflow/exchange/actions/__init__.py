"""Bring in what was written elsewhere: procedures, an operation with its people, households, the demonstration."""

from workflow.exchange.actions.demonstration import (
    demonstrate,
    demonstrate_more,
    demonstrate_survey,
    install,
    installed,
    publish_procedures,
    put_households,
    read_operation,
    register_more,
)
from workflow.exchange.actions.importing import (
    bring_in,
    choose_sheet,
    drop,
    forget_file,
    match_columns,
    start,
    take_file,
)

__all__ = [
    "bring_in",
    "choose_sheet",
    "demonstrate",
    "demonstrate_more",
    "demonstrate_survey",
    "drop",
    "forget_file",
    "install",
    "installed",
    "match_columns",
    "publish_procedures",
    "put_households",
    "read_operation",
    "register_more",
    "start",
    "take_file",
]
