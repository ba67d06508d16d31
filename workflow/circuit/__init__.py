"""The engine that decides: circuits as data, events as facts, and one judgement for buttons, API and verdict."""
