"""JavaRosa, the engine of the phone, as a second opinion: one process, one JSON object a line.

The engine is in pyxform's wheel (its own validator); the small class beside this file speaks for it. It needs a JDK.
"""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pyxform.validators import odk_validate

from tests.services.keeper import program

HERE = Path(__file__).parent
ENGINE = Path(odk_validate.__file__).parent / "bin" / "ODK_Validate.jar"
PACKAGE = "openjdk-17-jdk-headless"
JVM = ("-Xss4m", "-Xmx512m", "-XX:TieredStopAtLevel=1", "-Duser.timezone=UTC", "-Duser.language=en")

Answer = tuple[str, Any]


class Fault(Exception):
    """JavaRosa could not do what was asked; the message is its own."""


class JavaRosa:
    """`load` a form, then `evaluate` expressions, `act` on it and `dump` it; `close` at the end."""

    def __init__(self) -> None:
        program("javac", PACKAGE)
        command = [program("java", PACKAGE), *JVM, "-cp", str(ENGINE), str(HERE / "JavaRosaOracle.java")]
        environment = {**os.environ, "JAVA_TOOL_OPTIONS": "-Dfile.encoding=UTF-8"}
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            encoding="utf-8",
            bufsize=1,
        )

    def ask(self, **question: Any) -> dict[str, Any]:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise Fault("JavaRosa has ended")
        answer = json.loads(line)
        if "error" in answer:
            raise Fault(answer["error"])
        return answer

    def load(self, form: str) -> None:
        """A form whose first instance already holds the answers."""
        self.ask(do="load", form=form)

    def evaluate(self, questions: Sequence[tuple[str, str]]) -> list[Answer]:
        """Type and value of each (expression, path with row numbers); type "error" with its sentence."""
        answers = self.ask(do="eval", questions=[list(question) for question in questions])["answers"]
        return [(answer["type"], answer["value"]) for answer in answers]

    def act(self, steps: Sequence[Sequence[Any]]) -> None:
        """("set", path, text), ("add", path of a repeat), ("remove", path of a repeat, row from 1)."""
        self.ask(do="act", steps=[list(step) for step in steps])

    def dump(self) -> Mapping[str, Mapping[str, Any]]:
        """Every answer by path with row numbers: value, relevant, required, allowed."""
        return self.ask(do="dump")["leaves"]

    def close(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(10)
