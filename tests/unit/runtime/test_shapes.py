"""Shapes are built before there are threads: a desk that gets its first requests all at once does not crash."""

import subprocess
import sys

FIRST_READS = """
import sys, threading
from typing import Optional
import msgspec
from evenhand.runtime import shapes

sys.setswitchinterval(1e-6)

def make(number):
    inner = msgspec.defstruct("Inner", [(f"f{n}", Optional[dict[str, list[int]]], None) for n in range(30)])
    fields = [(f"g{n}", Optional[list[inner]], None) for n in range(30)]
    return msgspec.defstruct(f"Outer{number}", fields, module="evenhand.example")

def read(shape, start):
    start.wait()
    msgspec.json.Decoder(shape).decode(b'{"g29": [{"f29": {"a": [1]}}]}')

made = [make(number) for number in range(300)]
assert shapes.prepare() >= len(made)
for shape in made:
    start = threading.Barrier(6)
    readers = [threading.Thread(target=read, args=(shape, start)) for _ in range(6)]
    for reader in readers: reader.start()
    for reader in readers: reader.join()
"""


def test_first_reads_at_the_same_moment_are_safe():
    """Without `prepare`, msgspec 0.22 ends this process with a segmentation fault."""
    done = subprocess.run([sys.executable, "-c", FIRST_READS], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_desk_knows_the_shapes_of_its_api_before_it_serves():
    import_it = "import evenhand.desk.wsgi, sys; sys.exit('evenhand.desk.intake.api.v2.structs' not in sys.modules)"
    assert subprocess.run([sys.executable, "-c", import_it], check=False).returncode == 0
