"""Households from a file: the file as sheets, its columns as fields, its rows as households. Pure: bytes in, data out.

`book` opens a file (`xlsx`, `ods`, `delimited` read each kind), `columns` says what each column holds, `cells` reads
one value, `reading` a row; `understanding` tells new households from known, changed and wrong ones, `template` writes
the empty file.
"""
