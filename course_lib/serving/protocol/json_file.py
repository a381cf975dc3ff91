"""A small JSON file that somebody else wrote: read whole, or a ValueError that says why not ("it is …")."""

import json
import os
from pathlib import Path
from typing import Any

from course_lib.files import demand_file

LARGEST = 1_000_000  # bytes


def read_json(path: Path) -> Any:
    """What the file holds."""
    try:
        demand_file(path)
        if (size := os.path.getsize(path)) > LARGEST:
            raise ValueError(f"it has {size:,} bytes; {LARGEST:,} are more than enough for it")
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(f"it cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"it is not UTF-8 at byte {error.start}") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"it is not JSON: {error}") from error
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
