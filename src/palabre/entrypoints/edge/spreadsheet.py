"""Cells of tables that people open in a spreadsheet, which takes for a formula what begins like one."""


def harmless(cell: object) -> str:
    text = str(cell)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
