"""The import wizard for registers (导入向导): from a workbook that a county keeps to rows of a register.

An app declares in its `workbooks.py` what it imports (`declarations.ImportOf`); every value goes through the form and
the lifecycle function of its register, so that an imported row is judged as one that was typed. docs/imports.md.
"""
