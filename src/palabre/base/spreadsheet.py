"""Cells of tables that people open in a spreadsheet, which takes for a formula what begins like one."""

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: object) -> str:
    text = str(cell)
    return f"'{text}" if text.startswith(_FORMULAS) else text


def meant(cell: str) -> str:
    """What a cell was before it was made harmless."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULAS) else cell
