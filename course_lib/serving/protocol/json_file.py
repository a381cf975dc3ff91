"""A small JSON file that somebody else wrote: read whole, or a ValueError that says why not ("it is …")."""

import json
import os
import stat
from pathlib import Path
from typing import Any

LARGEST = 1_000_000  # bytes


def read_json(path: Path) -> Any:
    """What the file holds. Only a file is opened: a pipe would be waited for, and a device may never end."""
    try:
        found = os.stat(path)
        if not stat.S_ISREG(found.st_mode):
            raise ValueError("it is no file")
        if found.st_size > LARGEST:
            raise ValueError(f"it has {found.st_size:,} bytes; {LARGEST:,} are more than enough for it")
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(f"it cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"it is not UTF-8 at byte {error.start}") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"it is not JSON: {error}") from error
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
