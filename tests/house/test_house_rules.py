"""The rules of the house that a machine can watch over."""

import re

from tests.house.tree import CODE, ENGINES, ROOT, dotted_uses, lines_with, name, page_files, python_files

NAMELESS = {"utils", "util", "helpers", "helper", "common", "misc", "shared"}
# Where an engine would look something up that must be handed to it.
LOOKED_UP = re.compile(
    r"^(?:datetime\.)?(?:datetime|date)\.(?:now|utcnow|today)$|^time\.(?:time|time_ns)$"
    r"|^os\.(?:environ|getenv|getenvb)$|^uuid\.uuid[14]$|^random\.\w+$"
)
FOREIGN = re.compile(r"""https?://(?!www\.w3\.org/)[\w.-]+|(?:src|href|action)=["']//|url\(["']?//""")
UNESCAPED = re.compile(r"\|\s*safe\b|\bMarkup\(|autoescape\s+false|\|\s*forceescape")
INLINE = re.compile(r"""<script(?![^>]*\bsrc=)|<style\b|\sstyle=["']|\son[a-z]+=["']|javascript:""", re.IGNORECASE)
SILENCED = re.compile(r"\bexcept\s*:|\bexcept\s+(?:\(?\s*)(?:Base)?Exception\b")
UNDONE = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b|raise NotImplementedError")
UNTESTED = re.compile(r"pytest\.(?:skip|xfail|importorskip)\b|mark\.(?:skip|skipif|xfail)\b")
# Not /root/ alone: it is a path of many forms.
MACHINE = re.compile(r"(?<![\w.])/(?:work/\w|home/\w+/|root/\.\w)|extra-index-url")
# Markup made by our own code out of escaped parts: file → why it may say so.
TRUSTED: dict[str, str] = {
    "workflow/dossiers/pages/letters.py": "a letter is a template of its own, rendered with escaping first",
    "workflow/web/helping.py": "help is Markdown of this house, read by a parser that lets no HTML through",
}


def test_every_module_is_called_by_a_noun() -> None:
    files = python_files(*CODE, "tests", "benchmarks")
    assert [name(path) for path in files if NAMELESS & {path.stem, path.parent.name}] == []


def test_engines_are_handed_the_time_and_the_settings() -> None:
    uses = [
        f"{name(path)}:{line}: {dotted}"
        for path in python_files(*ENGINES)
        for line, dotted in dotted_uses(path)
        if LOOKED_UP.match(dotted)
    ]
    assert uses == []


def test_engines_keep_no_global_that_changes() -> None:
    assert lines_with(python_files(*ENGINES), re.compile(r"^\s*(?:global|nonlocal) \w")) == []


def test_pages_ask_no_foreign_host() -> None:
    assert lines_with(page_files(), FOREIGN) == []


def test_nothing_on_a_page_escapes_escaping() -> None:
    files = [path for path in page_files() + python_files(*CODE) if name(path) not in TRUSTED]
    assert lines_with(files, UNESCAPED) == []


def test_pages_carry_no_inline_script_or_style() -> None:
    # The content security policy would refuse them; mails and procedures' media are not pages.
    pages = [path for path in page_files() if path.suffix == ".html" and "emails" not in path.parts]
    assert lines_with(pages, INLINE) == []


def test_no_failure_is_silenced_wholesale() -> None:
    assert lines_with(python_files(*CODE, "tests", "benchmarks"), SILENCED) == []


def test_nothing_is_left_undone() -> None:
    files = [path for path in python_files(*CODE, "tests", "benchmarks") if path.name != "test_house_rules.py"]
    assert lines_with(files + page_files(), UNDONE) == []


def test_no_test_is_skipped() -> None:
    files = [path for path in python_files("tests") if path.name != "test_house_rules.py"]
    assert lines_with(files, UNTESTED) == []


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    roots = [*ROOT.glob("*.in"), *ROOT.glob("*.md"), ROOT / "Makefile", ROOT / "pyproject.toml", ROOT / "Procfile"]
    scripts = [*(ROOT / "scripts").glob("*.sh"), ROOT / ".ci" / "run", *(ROOT / "docs").rglob("*.md")]
    code = [path for path in python_files(*CODE, "benchmarks", "tests") if path.name != "test_house_rules.py"]
    assert lines_with([*roots, *scripts, *code, *page_files()], MACHINE) == []


def test_tests_are_no_package() -> None:
    assert [name(path) for path in python_files("tests") if path.name == "__init__.py"] == []
