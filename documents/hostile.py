"""What parsers raise on files made to break them.

Lookup, type and assertion errors are pyHanko's answers to structures that no honest writer makes; none of them says
anything but "this cannot be read as a signed PDF".
"""

import struct
import zlib

import pikepdf
from pyhanko.pdf_utils.misc import PdfError
from pyhanko_certvalidator.errors import CRLValidationError, OCSPValidationError, PathError, ValidationError

ERRORS = (
    PdfError, PathError, ValidationError, CRLValidationError, OCSPValidationError, ValueError, LookupError, TypeError,
    AttributeError, ArithmeticError, AssertionError, RuntimeError, SyntaxError, EOFError, OSError, MemoryError,
    struct.error, zlib.error, pikepdf.PdfError,
)  # fmt: skip
