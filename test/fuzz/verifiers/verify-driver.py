"""The second verifier as one process for many cases: a line of JSON with its words in, a line with its exit code and what it said out."""
import contextlib
import functools
import importlib.util
import io
import json
import sys

sys.dont_write_bytecode = True
spec = importlib.util.spec_from_file_location("verify", sys.argv[1])
verify = importlib.util.module_from_spec(spec)
spec.loader.exec_module(verify)
# The same signatures come again and again, and openssl is a process for each.
verify.ed25519 = functools.lru_cache(maxsize=10_000)(verify.ed25519)
asked = verify.openssl
kept = {}


def once(*words, **files):
    key = (words, tuple(sorted((name, bytes(content)) for name, content in files.items())))
    if key not in kept:
        kept[key] = asked(*words, **files)
    return kept[key]


verify.openssl = once
for line in sys.stdin:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = verify.main(json.loads(line))
    print(json.dumps({"code": code, "out": out.getvalue(), "err": err.getvalue()}), flush=True)
