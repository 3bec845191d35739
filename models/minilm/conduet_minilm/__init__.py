"""The files of all-MiniLM-L6-v2, as 8-bit ONNX with its tokenizer; NOTICE has their origin and checksums."""

from pathlib import Path
from typing import Final

MODEL: Final = Path(__file__).with_name("model-int8.onnx")
TOKENIZER: Final = Path(__file__).with_name("tokenizer.json")
