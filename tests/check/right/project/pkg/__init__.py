from .base import *
from . import base as b
