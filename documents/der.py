"""Write DER structures in time that grows with their size, not with their depth.

asn1crypto 1.5.1 encodes a structure that was built, or that holds a default value, anew each time one of its parents
asks, twice per level; and it takes a length whose last byte is 0x80 (every 256th one) for the indefinite form, and then
forces the whole tree, four times per level. A seal with its time stamp is some twenty levels deep: one in a few dozen
took a minute. Here each level is encoded once, and an indefinite length is recognised by its place. The bytes are the
same, which the tests of this folder show.
"""

from asn1crypto import core
from asn1crypto.parser import _dump_header

LONGEST_LENGTH = 4  # bytes of a length in the long form; more would be a file of gigabytes


def indefinite(header: bytes | None) -> bool:
    """Whether a header announces an indefinite length (X.690, 8.1.3.6); a length may also just end in 0x80."""
    if header is None or header[-1:] != b"\x80":
        return False
    long_forms = range(1, LONGEST_LENGTH + 1)
    return not any(len(header) > size + 1 and header[-size - 1] == 0x80 | size for size in long_forms)


def _once(original):
    def dump(self, force: bool = False) -> bytes:
        if force or indefinite(self._header) or _incomplete(self):
            return original(self, force)
        contents = self.contents
        if self._header is None:
            self._header = _header(self, contents)
        return self._header + contents

    return dump


def _incomplete(value: core.Asn1Value) -> bool:
    """Whether an obligatory field is missing: the library then says which."""
    fields = getattr(value, "_fields", None)
    if not fields or value.children is None:
        return False
    return any(
        child is core.VOID and not {"default", "optional"} & set(params)
        for child, (_, _, params) in zip(value.children, fields, strict=True)
    )


def _header(value: core.Asn1Value, contents: bytes) -> bytes:
    header = _dump_header(value.class_, value.method, value.tag, contents)
    for class_, tag in value.explicit or ():
        header = _dump_header(class_, 1, tag, header + contents) + header
    return header


core.Sequence.dump = _once(core.Sequence.dump)
core.SequenceOf.dump = _once(core.SequenceOf.dump)
