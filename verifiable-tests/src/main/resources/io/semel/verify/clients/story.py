"""What the Python scripts have in common: a step is run, and its answer printed as one line."""
import sys
import time

BOOTSTRAP, NAME, ACT = sys.argv[1:4]
TOPIC = NAME + "-topic"
PARTITIONS = 4
CODECS = ["none", "gzip", "snappy", "lz4", "zstd"]
PATIENCE_SECONDS = 30


class Unsupported(Exception):
    """This client has no such thing."""


def one_line(text):
    return " ".join(str(text).split()).replace(NAME, "NAME")


def step(name, body, name_of_error):
    try:
        answer = body()
    except Unsupported as e:
        answer = "unsupported " + str(e)
    except Exception as e:
        answer = "error " + name_of_error(e)
    print(name + ": " + one_line("ok" if answer is None else answer), flush=True)


def until(what, condition):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > deadline:
            raise TimeoutError("not so after %d seconds: %s" % (PATIENCE_SECONDS, what))
