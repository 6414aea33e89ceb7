"""The manual's spelling of the import: `from TaskTonic import *` gives the very objects of `tasktonic`."""

from tasktonic import *  # noqa: F403 - the whole point of this file
from tasktonic import __all__ as __all__  # noqa: PLC0414 - said twice: it is passed on on purpose
