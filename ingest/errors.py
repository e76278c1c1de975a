"""Errors that a school's user reads."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from ingest.wording import _

if TYPE_CHECKING:
    from pathlib import Path


class UserError(Exception):
    """The input or the bundle cannot be used; `str(error)` is a readable message in the user's language.

    The command line prints it on stderr and exits with 2.
    """


def reason_of(error: OSError) -> str:
    """Give in the user's language why a file or folder could not be used."""
    reasons = {
        errno.ENOENT: _("его нет"),
        errno.EACCES: _("нет права доступа"),
        errno.EPERM: _("нет права доступа"),
        errno.EROFS: _("диск только для чтения"),
        errno.ENOSPC: _("на диске нет места"),
        errno.EDQUOT: _("исчерпана квота на диске"),
        errno.EFBIG: _("файл получился больше, чем разрешает система"),
        errno.EISDIR: _("это папка, а не файл"),
        errno.ENOTDIR: _("это файл, а не папка"),
        errno.EEXIST: _("это файл, а не папка"),
        errno.ENAMETOOLONG: _("имя слишком длинное"),
        errno.EIO: _("ошибка чтения или записи на диске"),
    }
    return reasons.get(error.errno or 0, error.strerror or str(error))


def shown(path: Path) -> str:
    """Give a path as a text that can be written anywhere: bytes that are not UTF-8 as escapes."""
    return str(path).encode("utf-8", "backslashreplace").decode()
