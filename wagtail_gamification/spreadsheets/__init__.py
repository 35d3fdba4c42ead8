"""How catalogues come and go as spreadsheets.

Knows nothing of consoles and views: :func:`import_catalogue` takes bytes and gives
a :class:`CatalogueResult`, :func:`export_catalogue` gives bytes. What is wrong with
a file as a whole is a :class:`CatalogueError`.
"""

from .children import ChildResource
from .errors import CatalogueError
from .exporter import FORMATS, export_catalogue
from .resources import SpreadsheetResource
from .results import (
    CatalogueResult,
    CellError,
    Change,
    RowAction,
    RowOutcome,
    SheetResult,
)
from .runner import import_catalogue
from .workbooks import Workbook, get_workbook, register_workbook

__all__ = [
    "FORMATS",
    "CatalogueError",
    "CatalogueResult",
    "CellError",
    "Change",
    "ChildResource",
    "RowAction",
    "RowOutcome",
    "SheetResult",
    "SpreadsheetResource",
    "Workbook",
    "export_catalogue",
    "get_workbook",
    "import_catalogue",
    "register_workbook",
]
