# The types of the manual's spelling: a single file, as TaskTonic.py is one, cannot say that it is typed.

from tasktonic import *
from tasktonic import __all__ as __all__
