"""The columns of events as they go on the wire and into a file.

``encode_block`` turns rows of the stream into bytes, ``decode_block`` bytes into columns and events again. The layout is
described in ``layout.py``. Both sides keep a ``StringTable``; the blocks of one writer are decoded in their order.
"""

from __future__ import annotations

from tasktonic.blocks.decoding import Block, decode_block
from tasktonic.blocks.encoding import encode_block, encode_blocks, encode_table
from tasktonic.blocks.layout import COLUMNS, MAX_BLOCK_BYTES, Row, ttBlockError
from tasktonic.blocks.strings import StringTable
from tasktonic.blocks.thinning import shed_flow, without_flow, without_kinds

__all__ = [
    "COLUMNS",
    "MAX_BLOCK_BYTES",
    "Block",
    "Row",
    "StringTable",
    "decode_block",
    "encode_block",
    "encode_blocks",
    "encode_table",
    "shed_flow",
    "ttBlockError",
    "without_flow",
    "without_kinds",
]
