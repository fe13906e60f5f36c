#!/usr/bin/env python3
"""The second verifier of audit bundles: written apart from verify.mjs, with Python's standard library, and openssl for time stamps and
ML-DSA-44.

Usage: verify.py <bundle, a folder or a zip> --policy <trust.policy> [--old <checkpoint>]... [--tsa <certificates.pem>]... [--exported <later bundle>] [--json]
       verify.py <receipt.tlog-proof> --policy <trust.policy> [--json]

Ends with 0 VERIFIED, 1 FAILED, 3 INCOMPLETE, 4 UNSUPPORTED, 2 when it was not asked right or cannot read what was named, and 70 when it
failed itself: then nothing is said about the bundle. It opens no connection.
What each verdict means, and what a bundle holds, is in docs/auditors.md. Two verifiers that disagree are a defect in one of them.
"""
import argparse
import base64
import binascii
import contextlib
import hashlib
import io
import json
import os
import re
import struct
import sys
import zlib

CHECKS = ("manifest", "signature", "witnesses", "stamps", "tree", "consistency", "headers", "payloads", "copies", "completeness", "erasure", "time")
EXIT = {"VERIFIED": 0, "FAILED": 1, "INCOMPLETE": 3, "UNSUPPORTED": 4}
SEVERITY = (("failed", "FAILED"), ("unsupported", "UNSUPPORTED"), ("incomplete", "INCOMPLETE"))
SAFE = 2**53 - 1
WIDTH = 256


class Malformed(Exception):
    """Not of its format."""


class Unknown(Exception):
    """Of a version, a kind of key or a size that this verifier does not know."""


class Forged(Exception):
    """A signature in the name of a known key that is not by it."""


class NoKnownKey(Exception):
    """No key that is known signed: nothing is said about whether it is genuine."""


class Missing(Exception):
    """A file without which nothing below it can be told."""


class Unreadable(Exception):
    """No bundle at all."""


class Crash(Exception):
    """What this verifier needs is not here, or does not work: nothing is said about the bundle."""


class Report:
    def __init__(self):
        self.findings = []
        self.looked = set()
        self.not_checked = []

    def found(self, check, result, what, **place):
        self.findings.append({"check": check, "result": result, "what": what, **place})

    def result_of(self, check):
        results = [one["result"] for one in self.findings if one["check"] == check]
        for result, _ in SEVERITY:
            if result in results:
                return result
        return "ok" if check in self.looked else "not checked"

    def verdict(self):
        results = [one["result"] for one in self.findings]
        for result, verdict in SEVERITY:
            if result in results:
                return verdict
        return "VERIFIED"


# Encodings


def b64(text, what):
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Malformed(what + " must be standard base64")
    if base64.b64encode(data).decode() != text:
        raise Malformed(what + " must be standard base64")
    return data


def hash_of(text, what):
    data = b64(text, what)
    if len(data) != 32:
        raise Malformed(what + " must be 32 bytes")
    return data


def number(text, what):
    if not re.fullmatch(r"0|[1-9][0-9]{0,19}", text, re.ASCII):
        raise Malformed(what + " must be a decimal number without leading zeroes")
    if int(text) > SAFE:
        raise Unknown(what + " is beyond 2^53 - 1")
    return int(text)


TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


def parse_json(data, what):
    """The JSON of docs/auditors.md and no other: names that stand once, at most 32 levels, whole numbers in decimal digits up to 2^53 - 1."""
    text, depth = text_of(data, what), 0
    wrong = Malformed(what + " must be JSON of the grammar of docs/auditors.md")

    def whole(digits):
        if len(digits) > 17 or digits == "-0" or abs(int(digits)) > SAFE:
            raise wrong
        return int(digits)

    def other(_):
        raise wrong

    def once(pairs):
        names = [name for name, _ in pairs]
        if len(set(names)) < len(names) or not {"__proto__", "constructor", "prototype"}.isdisjoint(names):
            raise wrong
        return dict(pairs)

    for token in TOKENS.findall(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token, 0)
        if depth > 32:
            raise wrong
    try:
        value = json.loads(text, parse_int=whole, parse_float=other, parse_constant=other, object_pairs_hook=once)
    except (ValueError, RecursionError):
        raise wrong
    if any_text(value, lambda one: "\0" in one or any("\ud800" <= character <= "\udfff" for character in one)):
        raise wrong
    return value


def any_text(value, is_so):
    if isinstance(value, dict):
        return any(is_so(name) or any_text(one, is_so) for name, one in value.items())
    if isinstance(value, list):
        return any(any_text(one, is_so) for one in value)
    return isinstance(value, str) and is_so(value)


def sha(*parts):
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.digest()


# Ed25519 (RFC 8032 section 5.1.7), for checking only: nothing here is secret.

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def decompressed(octets):
    """The point that 32 bytes are, in extended coordinates; None for bytes that are none."""
    y = int.from_bytes(octets, "little")
    sign, y = y >> 255, (y & (2**255 - 1)) % P
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * v**3 * pow(u * v**7, (P - 5) // 8, P) % P
    if v * x * x % P == P - u and u != 0:
        x = x * pow(2, (P - 1) // 4, P) % P
    elif v * x * x % P != u:
        return None
    if x & 1 != sign:
        x = P - x
    return x % P, y, 1, x * y % P


def added(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


BASE = decompressed((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def ed25519(public, message, signature):
    s = int.from_bytes(signature[32:], "little")
    key = decompressed(public)
    if key is None or s >= ORDER:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    minus = (P - key[0], key[1], key[2], P - key[3])
    both, at = added(BASE, minus), (0, 1, 1, 0)
    for bit in range(max(s.bit_length(), k.bit_length()) - 1, -1, -1):
        at = added(at, at)
        which = (s >> bit & 1) | (k >> bit & 1) << 1
        if which:
            at = added(at, (None, BASE, minus, both)[which])
    inverse = pow(at[2], P - 2, P)
    x, y = at[0] * inverse % P, at[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


def openssl(*words, **files):
    """Runs openssl with what these words name as files, and answers whether it was content."""
    # What most bundles do not need is not loaded for them.
    import subprocess
    import tempfile
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            with open(os.path.join(folder, name), "wb") as file:
                file.write(content)
        try:
            return subprocess.run(["openssl", *words], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
        except OSError:
            raise Crash("openssl is not here: it checks time stamps and ML-DSA-44")


# Keys, notes, policies

# By the byte before the key: how many bytes the key and its signatures have, and whether a time stands before a signature.
KINDS = {1: (32, 64, False), 4: (32, 64, True), 6: (1312, 2420, True)}
ML_DSA_44 = bytes.fromhex("30820532300b06096086480165030403110382052100")
WHITE = "\\t-\\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
# The last second of the year 9999: no witness saw anything later.
LATEST = 253402300799


def assert_key_name(name):
    if not name or re.search("[%s+\x00-\x1f]" % WHITE, name):
        raise Malformed("A key name is not empty and holds no spaces, control characters or plus signs")


class Key:
    def __init__(self, vkey):
        match = re.fullmatch(r"([^+]+)\+([0-9a-f]{8})\+(.+)", vkey, re.DOTALL)
        if not match:
            raise Malformed("A verifier key is name+id+base64")
        self.name, self.id = match.group(1), match.group(2)
        assert_key_name(self.name)
        typed = b64(match.group(3), "The key in a verifier key")
        self.public = typed[1:]
        self.type = typed[0] if typed else None
        if self.type not in KINDS:
            self.type = None
            return
        if len(self.public) != KINDS[self.type][0]:
            raise Malformed("A key of type %d is %d bytes" % (self.type, KINDS[self.type][0]))
        if sha(self.name.encode(), b"\n", typed)[:4].hex() != self.id:
            raise Malformed("The id in a verifier key is not that of its name and key")

    def is_checkable(self):
        """ML-DSA-44 needs an openssl of 3.5 or newer."""
        return self.type != 6 or openssl("pkey", "-pubin", "-in", "key", "-inform", "DER", "-noout", key=ML_DSA_44 + self.public)

    def signed(self, text, time):
        if self.type == 1:
            return text.encode()
        if self.type == 4:
            return b"cosignature/v1\ntime %d\n" % time + text.encode()
        origin, size, root = parse_checkpoint(text)
        name, origin = self.name.encode(), origin.encode()
        if len(name) > 255 or len(origin) > 255:
            raise Malformed("What ML-DSA-44 signs names a witness and an origin in at most 255 bytes")
        return b"subtree/v1\n\0" + bytes([len(name)]) + name + struct.pack(">Q", time) + bytes([len(origin)]) + origin + struct.pack(">QQ", 0, size) + root

    def verifies(self, text, signature):
        """None where this openssl cannot tell."""
        _, size, timed = KINDS[self.type]
        time = int.from_bytes(signature[:8], "big") if timed else 0
        if len(signature) != size + (8 if timed else 0) or time > LATEST:
            return False
        if not self.is_checkable():
            return None
        message, signature = self.signed(text, time), signature[-size:]
        if self.type != 6:
            return ed25519(self.public, message, signature)
        words = ("pkeyutl", "-verify", "-pubin", "-inkey", "key", "-keyform", "DER", "-rawin", "-in", "message", "-sigfile", "signature")
        return openssl(*words, key=ML_DSA_44 + self.public, message=message, signature=signature)


def text_of(data, what):
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed(what + " must be UTF-8")


def parse_note(data):
    note = text_of(data, "A note")
    if len(data) > 1_000_000 or re.search(r"[\x00-\x09\x0b-\x1f]", note):
        raise Malformed("A note is at most a million bytes, without control characters")
    end = note.rfind("\n\n")
    if end < 0 or not note.endswith("\n") or end + 2 == len(note):
        raise Malformed("A note is a text, a blank line and signatures")
    signatures = []
    for line in note[end + 2:-1].split("\n"):
        match = re.fullmatch("\u2014 ([^ ]+) ([^ ]+)", line)
        if not match:
            raise Malformed("A signature is a line of a dash, a key name and base64")
        assert_key_name(match.group(1))
        raw = b64(match.group(2), "A signature")
        if len(raw) < 5:
            raise Malformed("A signature begins with the id of its key")
        signatures.append((match.group(1), raw[:4].hex(), raw[4:]))
    if len(signatures) > 100:
        raise Malformed("A note has at most 100 signatures")
    return note[:end + 1], signatures


def signers(text, signatures, keys):
    """Those that signed, and those of which there is a signature that cannot be checked here."""
    signed, unchecked = [], []
    for name, key_id, signature in signatures:
        for key in keys:
            if (key.name, key.id) != (name, key_id):
                continue
            verifies = key.verifies(text, signature)
            if verifies is False:
                raise Forged("A signature in the name of a known key is not by that key")
            (unchecked if verifies is None else signed).append(key)
            break
    return signed, unchecked


def parse_checkpoint(text):
    lines = text[:-1].split("\n")
    if len(lines) < 3 or "" in lines:
        raise Malformed("A checkpoint has an origin, a size and a root, and no empty line")
    size, root = number(lines[1], "The size of a checkpoint"), hash_of(lines[2], "The root of a checkpoint")
    if size == 0 and root != sha():
        raise Malformed("A log of size 0 has the root of nothing")
    return lines[0], size, root


class Policy:
    """c2sp.org/tlog-policy, and the line "origin <text>" below a log whose checkpoints do not begin with the name of its key."""

    def __init__(self, data, name="The trust policy"):
        self.logs, self.origins, self.witnesses, self.groups, self.quorum = [], {}, {}, {}, None
        self.keys, self.grouped, self.above = set(), set(), None
        lines, at = data.decode("latin-1").split("\n"), 0
        try:
            for line in lines[:-1]:
                at += 1
                if at > 1000:
                    raise Malformed("A trust policy has at most 1000 lines")
                self.line(line)
            at = len(lines)
            if lines[-1] != "":
                raise Malformed("A trust policy ends in a newline")
            if self.quorum is None:
                raise Malformed("A trust policy has a quorum")
        except Malformed as error:
            raise Malformed("%s, line %d: %s" % (name, at, error))

    def line(self, line):
        if re.search(r"[^\t\x20-\x7e\x80-\xff]", line):
            raise Malformed("A trust policy holds no control characters but tabs and newlines")
        words = [word for word in re.split(r"[ \t]+", line) if word]
        if not words or words[0].startswith("#"):
            return
        word, rest, above = words[0], words[1:], self.above
        self.above = None
        if word == "origin" and rest and above:
            # All of the line behind its first word: an origin may hold spaces.
            origin = re.sub(r"^[ \t]*origin[ \t]+", "", line).rstrip(" \t")
            if above.type is not None:
                self.origins[above] = text_of(origin.encode("latin-1"), "An origin")
        elif word == "log" and 1 <= len(rest) <= 2:
            self.above = self.key(rest[0])
            if self.above.type is not None:
                self.logs.append(self.above)
        elif word == "witness" and 2 <= len(rest) <= 3:
            self.new(rest[0])
            key = self.key(rest[1])
            if key.type == 1:
                raise Malformed("The key of a witness is one for cosignatures")
            self.witnesses[rest[0]] = key
        elif word == "group" and len(rest) >= 3:
            self.new(rest[0])
            members = rest[2:]
            for member in members:
                if member not in self.witnesses and member not in self.groups or member in self.grouped:
                    raise Malformed("A group has members that stand above it, each once")
                self.grouped.add(member)
            needed = {"any": 1, "all": len(members)}.get(rest[1]) or (int(rest[1]) if re.fullmatch(r"[1-9][0-9]{0,3}", rest[1]) else 0)
            if not 1 <= needed <= len(members):
                raise Malformed("A group needs any, all or a number of its members")
            self.groups[rest[0]] = (needed, members)
        elif word == "quorum" and len(rest) == 1 and self.quorum is None and (rest[0] == "none" or rest[0] in self.witnesses or rest[0] in self.groups):
            self.quorum = rest[0]
        else:
            raise Malformed("It is none of: log <vkey> [<url>], origin <text> below a log, witness <name> <vkey> [<url>], group <name> <k|all|any> <member> ..., quorum <name|none> once")

    def new(self, name):
        if name == "none" or name in self.witnesses or name in self.groups:
            raise Malformed("A name in a trust policy is given once")

    def key(self, octets):
        key = Key(text_of(octets.encode("latin-1"), "A verifier key"))
        if key.public in self.keys:
            raise Malformed("A key is listed once, as one log or one witness")
        self.keys.add(key.public)
        return key

    def met(self, seen):
        met = set(seen)
        for name, (needed, members) in self.groups.items():
            if sum(member in met for member in members) >= needed:
                met.add(name)
        return self.quorum == "none" or self.quorum in met

    def open(self, note):
        """The checkpoint, whether the quorum is met, and which witnesses would make it so whose signatures cannot be checked here."""
        text, signatures = parse_note(note)
        signed, unchecked = signers(text, signatures, self.logs)
        if not signed and unchecked:
            raise Unknown("%s signed with ML-DSA-44, which needs openssl 3.5 or newer to be checked" % unchecked[0].name)
        if not signed:
            raise NoKnownKey("No known key signed this note")
        checkpoint = parse_checkpoint(text)
        if any(self.origins.get(key, key.name) != checkpoint[0] for key in signed):
            raise Forged("A checkpoint is signed by a log of another name")
        signed, unchecked = signers(text, signatures, [key for key in self.witnesses.values() if key.type is not None])
        names = {name for name, key in self.witnesses.items() if key in signed}
        maybe = [name for name, key in self.witnesses.items() if key in unchecked]
        quorum = self.met(names)
        return checkpoint, quorum, maybe if not quorum and self.met(names.union(maybe)) else []


# The tree


def root_of(peaks):
    if not peaks:
        return sha()
    result = peaks[-1][1]
    for _, left in reversed(peaks[:-1]):
        result = sha(b"\x01", left, result)
    return result


def append(peaks, leaf, height=0):
    while peaks and peaks[-1][0] == height:
        leaf = sha(b"\x01", peaks.pop()[1], leaf)
        height += 1
    peaks.append((height, leaf))


# The bundle


class Refused(Exception):
    """A bundle that is not looked into, and what that means."""

    def __init__(self, result, what):
        super().__init__(what)
        self.result = result


ZIP64 = "The zip is zip64, with more than 65,534 files or 4 GB: unpack it, and have the folder verified"
UNLIKE = "The zip says different things of one file, or holds more than its files"
FULL = 0xFFFFFFFF
# Times and owners, as zip, macOS and Windows add them: they change nothing.
HARMLESS = (0x5455, 0x7875, 0x5855, 0x000A)


def is_bundle_path(path):
    parts = path.split("/")
    return not (len(path.encode("utf-8", "surrogatepass")) > 1000 or re.search("[\\x00-\\x1f\\x7f\\\\\ufffd\ud800-\udfff]", path) or re.match("[A-Za-z]:", path)
                or any(part in ("", ".", "..") or len(part.encode()) > 255 for part in parts))


class Zip:
    """A zip of the one strict form that docs/auditors.md writes down, checked in its order."""

    def __init__(self, file, length):
        self.file = file
        end = self.at(max(length - 22, 0), min(length, 22))
        if len(end) < 22 or end[:4] != b"PK\5\6" or end[20:] != b"\0\0":
            raise Refused("incomplete", "The zip does not end as one does: it is cut short, has a comment, or is none")
        disks, here, count, size, self.begin = struct.unpack("<IHHII", end[4:20])
        if count == 0xFFFF or FULL in (size, self.begin):
            raise Refused("unsupported", ZIP64)
        if disks != 0 or here != count or self.begin + size != length - 22:
            raise Refused("failed", UNLIKE)
        directory, at, offset, self.entries = self.at(self.begin, size), 0, 0, []
        for _ in range(count):
            if directory[at:at + 4] != b"PK\1\2" or at + 46 > size:
                raise Refused("failed", UNLIKE)
            (_, *fields, comment, disk, _, attributes, where) = struct.unpack("<HHHHIIIIHHHHHII", directory[at + 4:at + 46])
            version, flags, method, time, crc, packed, whole, names, extras = fields
            to = at + 46 + names + extras + comment
            if to > size:
                raise Refused("failed", UNLIKE)
            name, extra = directory[at + 46:at + 46 + names], directory[at + 46 + names:at + 46 + names + extras]
            self.ordinary(fields, name, extra, comment, disk, attributes, where)
            if where != offset:
                raise Refused("failed", UNLIKE)
            begins, offset = self.local(offset, fields, name)
            try:
                self.entries.append((name.decode("utf-8"), method == 8, begins, packed, whole, crc))
            except UnicodeDecodeError:
                raise Refused("failed", "A name in the zip is not in UTF-8")
            at = to
        if at != size or offset != self.begin:
            raise Refused("failed", UNLIKE)

    def at(self, offset, length):
        self.file.seek(offset)
        return self.file.read(length)

    @staticmethod
    def ordinary(fields, name, extra, comment, disk, attributes, where):
        version, flags, method, _, _, packed, whole, _, _ = fields
        if flags & 0x2041:
            raise Refused("unsupported", "The zip is encrypted")
        if flags & ~0x080E:
            raise Refused("failed", "The zip has flags that a bundle has no use for")
        if method not in (0, 8):
            raise Refused("unsupported", "The zip is compressed in another way than deflate")
        if FULL in (packed, whole, where):
            raise Refused("unsupported", ZIP64)
        if version > 20:
            raise Refused("unsupported", "The zip needs a newer version of the format than 2.0")
        if comment or disk:
            raise Refused("failed", "The zip is in parts, or has comments")
        harmless(extra)
        folder, kind = name.endswith(b"/"), attributes >> 16 & 0o170000
        if kind not in (0, 0o040000 if folder else 0o100000) or (attributes & 0x10 and not folder):
            raise Refused("failed", "A bundle holds files and folders only")
        if not name.isascii() and not flags & 0x0800:
            raise Refused("failed", "A name in the zip is not in UTF-8")
        if (method, packed, whole) != (0, 0, 0) if folder else method == 0 and packed != whole:
            raise Refused("failed", UNLIKE)

    def local(self, offset, fields, name):
        """Where the bytes of a file begin, and where what follows them does."""
        version, flags, method, time, crc, packed, whole, _, _ = fields
        if offset + 30 > self.begin:
            raise Refused("failed", UNLIKE)
        mark, *same, names, extras = struct.unpack("<IHHHIIIIHH", self.at(offset, 30))
        begins = offset + 30 + names + extras
        if begins > self.begin:
            raise Refused("failed", UNLIKE)
        sums = [0, 0, 0] if flags & 8 else [crc, packed, whole]
        if mark != 0x04034B50 or same != [version, flags, method, time] + sums or self.at(offset + 30, names) != name:
            raise Refused("failed", UNLIKE)
        harmless(self.at(offset + 30 + names, extras))
        behind = struct.pack("<IIII", 0x08074B50, crc, packed, whole) if flags & 8 else b""
        ends = begins + packed + len(behind)
        if ends > self.begin or self.at(begins + packed, len(behind)) != behind:
            raise Refused("failed", UNLIKE)
        return begins, ends

    def unpack(self, entry, target):
        name, deflated, begins, packed, whole, crc = entry
        inflate, left, length, total = zlib.decompressobj(-15) if deflated else None, packed, 0, 0
        self.file.seek(begins)
        with open(target, "xb") as file:
            while left > 0:
                part = self.file.read(min(left, 1 << 18))
                left -= len(part) or left
                while part:
                    try:
                        out = inflate.decompress(part, 1 << 20) if deflated else part
                    except zlib.error:
                        raise Refused("incomplete", "The zip is damaged")
                    if deflated and inflate.unused_data:
                        raise Refused("incomplete", "The zip is damaged")
                    part = inflate.unconsumed_tail if deflated else b""
                    length, total = length + len(out), zlib.crc32(out, total)
                    if length > whole:
                        raise Refused("incomplete", "The zip is damaged")
                    file.write(out)
                    if deflated and inflate.eof and (part or left):
                        raise Refused("incomplete", "The zip is damaged")
        if (length, total) != (whole, crc) or deflated and not inflate.eof:
            raise Refused("incomplete", "The zip is damaged")


def harmless(extra):
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack("<HH", extra[at:at + 4])
        if kind == 1:
            raise Refused("unsupported", ZIP64)
        if kind not in HARMLESS:
            raise Refused("failed", "The zip adds something to a file that a bundle has no use for")
        at += 4 + length
    if at != len(extra):
        raise Refused("failed", UNLIKE)


def unpack(path, into):
    """Unpacks a zipped bundle below a folder, and answers where it stands there. Nothing is written outside."""
    with open(path, "rb") as file:
        archive = Zip(file, os.path.getsize(path))
        files, folders, seen, left = set(), set(), set(), (64 << 20) + 200 * os.path.getsize(path)
        for name, _, _, _, whole, _ in archive.entries:
            place = name[:-1] if name.endswith("/") else name
            if not is_bundle_path(place):
                raise Refused("failed", "A file in the zip has a name that no file of a bundle has")
            if place in seen:
                raise Refused("failed", "The zip holds two files of one name")
            seen.add(place)
            (folders if name.endswith("/") else files).add(place)
            folders.update(place[:at] for at, character in enumerate(place) if character == "/")
            left -= whole
            if left < 0:
                raise Refused("failed", "The zip says that it is far larger than a bundle of its size can be")
        if files & folders:
            raise Refused("failed", "The zip holds a file and a folder of one name")
        tops = {place.split("/")[0] for place in seen}
        if len(tops) != 1 or tops & files:
            raise Refused("failed", "A zipped bundle is one folder")
        for entry in archive.entries:
            target = os.path.join(into, *entry[0].rstrip("/").split("/"))
            if entry[0].endswith("/"):
                os.makedirs(target, exist_ok=True)
            else:
                os.makedirs(os.path.dirname(target), exist_ok=True)
                archive.unpack(entry, target)
        return os.path.join(into, tops.pop())


class Bundle:
    def __init__(self, folder):
        if not os.path.isdir(folder):
            raise Unreadable("The bundle is neither a folder nor a file that is there")
        self.folder, self.files = folder, []
        self.look("")
        self.files.sort()
        self.known = set(self.files)
        # What was read, all of which is compared: of the other files nobody knows whether they say what is so.
        self.seen = set()

    def look(self, below):
        for entry in os.scandir(os.path.join(self.folder, below)):
            path = below + "/" + entry.name if below else entry.name
            if entry.is_symlink() or not (entry.is_dir() or entry.is_file()):
                raise Refused("failed", "A bundle holds files and folders only")
            if not is_bundle_path(path):
                raise Refused("failed", "A file has a name that no file of a bundle has")
            if entry.is_dir():
                self.look(path)
            else:
                self.files.append(path)
            if len(self.files) > 5_000_000:
                raise Refused("unsupported", "A bundle holds at most five million files")

    def read(self, path):
        if path not in self.known:
            return None
        self.seen.add(path)
        if os.path.getsize(os.path.join(self.folder, path)) > 600 << 20:
            raise Refused("unsupported", "A file of the bundle is larger than any that a verifier reads whole")
        with open(os.path.join(self.folder, path), "rb") as file:
            return file.read()

    def digest(self, path):
        digest = hashlib.sha256()
        with open(os.path.join(self.folder, path), "rb") as file:
            for part in iter(lambda: file.read(1 << 18), b""):
                digest.update(part)
        return digest.hexdigest()


def tile_path(index):
    digits = str(index).zfill((len(str(index)) + 2) // 3 * 3)
    groups = [digits[n:n + 3] for n in range(0, len(digits), 3)]
    return "/".join(["x" + group for group in groups[:-1]] + groups[-1:])


def check_manifest(bundle, report):
    report.looked.add("manifest")
    if bundle.read("bagit.txt") != b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n":
        report.found("manifest", "failed", "There is no bagit.txt that declares a bag of BagIt 1.0 in UTF-8")
        return
    listed = {}
    try:
        lines = text_of(bundle.read("manifest-sha256.txt") or b"", "The manifest").split("\n")
    except Malformed as error:
        report.found("manifest", "failed", str(error))
        return
    for line in lines:
        if line == "":
            continue
        match = re.fullmatch(r"([0-9a-f]{64})  (data/.*)", line, re.DOTALL)
        if not match or not is_bundle_path(match.group(2)):
            report.found("manifest", "failed", "A line of the manifest is not a digest and a path below data")
            return
        if match.group(2) in listed:
            report.found("manifest", "failed", "The manifest names a file twice")
            return
        listed[match.group(2)] = match.group(1)
    for path in bundle.files:
        if path.startswith("data/") and path not in listed:
            report.found("manifest", "failed", "The manifest does not name " + path)
    for path, digest in listed.items():
        if path not in bundle.known:
            report.found("manifest", "incomplete", path + " is missing")
        elif bundle.digest(path) != digest:
            report.found("manifest", "failed", path + " is not the file that the manifest names")


def included(index, size, leaf, proof, root):
    """RFC 9162 section 2.1.3.2."""
    if index >= size:
        return False
    at, last, digest = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if at % 2 == 1 or at == last:
            digest = sha(b"\x01", sibling, digest)
            while at % 2 == 0 and at != 0:
                at, last = at >> 1, last >> 1
        else:
            digest = sha(b"\x01", digest, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and digest == root


def parse_proof(data):
    text = text_of(data, "A proof")
    end = text.find("\n\n")
    if end < 0:
        raise Malformed("A proof is lines, an empty line and a checkpoint")
    version, *lines = text[:end].split("\n")
    if version != "c2sp.org/tlog-proof@v1":
        raise Unknown("A proof of another version than 1") if version.startswith("c2sp.org/tlog-proof@") else Malformed("A proof begins with its version")
    extra = b64(lines.pop(0)[6:], "The extra data of a proof") if lines and lines[0].startswith("extra ") else None
    if not lines or not lines[0].startswith("index "):
        raise Malformed("A proof names an index")
    index = number(lines.pop(0)[6:], "The index of a proof")
    if len(lines) > 63:
        raise Malformed("A proof has at most 63 hashes")
    return extra, index, [hash_of(line, "A hash of a proof") for line in lines], text[end + 2:].encode()


def check_pack(bundle, policy, report):
    """Whether it is a pack of which the log signed the digest of its manifest. Without that, the papers of an audit are nobody's."""
    text, event = bundle.read("pack.tlog-proof"), bundle.read("pack.event.json")
    if text is None and event is None and not any(path.startswith("data/audit/") for path in bundle.files):
        return False
    if text is None or event is None:
        report.found("manifest", "incomplete", "A pack has pack.tlog-proof and pack.event.json, which sign it")
        return False
    try:
        extra, index, hashes, note = parse_proof(text)
        header = parse_entry(extra) if extra is not None else None
        opened = open_head("manifest", "the pack", note, policy, report)
        if opened is None:
            return False
        (_, size, root), quorum, unchecked = opened
        try:
            named = parse_json(event, "pack.event.json").get("manifestDigest")
        except AttributeError:
            named = None
        if header is None or not included(index, size, sha(b"\x00", extra), hashes, root) or header["type"] != "AuditPackMade":
            report.found("manifest", "failed", "The proof of the pack is not of a pack")
        elif (header["data"]["sha256"], header["data"]["len"]) != (base64.b64encode(sha(event)).decode(), len(event)):
            report.found("manifest", "failed", "The event of the pack is not the one that was signed")
        elif named != manifest_digest(bundle):
            report.found("manifest", "failed", "The manifest is not the one that was signed")
        elif unchecked:
            report.found("manifest", "unsupported", "%s cosigned the checkpoint of the pack with ML-DSA-44, which needs openssl 3.5 or newer to be checked" % ", ".join(unchecked))
        elif not quorum:
            report.found("manifest", "incomplete", "The witnesses that the policy asks for did not see the checkpoint of the pack")
        else:
            return True
    except Unknown as error:
        report.found("manifest", "unsupported", "pack.tlog-proof: %s" % error)
    except Malformed as error:
        report.found("manifest", "failed", "pack.tlog-proof: %s" % error)
    return False


OF_KIND = {"ALL": (), "STREAM": ("stream",), "RANGE": ("from", "to")}


def read_scope(bundle, report):
    data = bundle.read("data/scope.json")
    if data is None:
        report.found("completeness", "incomplete", "data/scope.json is missing")
        return None
    try:
        scope = parse_json(data, "The scope")
        if not isinstance(scope, dict):
            raise Malformed("The scope is an object")
    except Malformed as error:
        report.found("completeness", "failed", str(error))
        return None
    version = scope.get("v")
    if type(version) is int and version != 1:
        report.found("completeness", "unsupported", "A bundle of another version than 1")
        return None

    def count(value):
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= SAFE

    counts = scope.get("counts")
    fits = (type(version) is int and all(isinstance(scope.get(name), str) for name in ("log", "ledgerStream", "reference", "madeAt")) and count(scope.get("size"))
            and scope.get("kind") in ("ALL", "STREAM", "RANGE") and scope.get("headers") in ("FULL", "SCOPED") and isinstance(scope.get("stream", ""), str)
            and count(scope.get("from", 0)) and count(scope.get("to", 0)) and isinstance(counts, dict) and count(counts.get("leaves")) and count(counts.get("payloads")))
    if not fits or not all(name in scope for name in OF_KIND[scope["kind"]]):
        report.found("completeness", "failed", "The scope has the fields of version 1, and those of its kind")
        return None
    return scope


def open_head(check, name, note, policy, report):
    try:
        return policy.open(note)
    except NoKnownKey:
        report.found(check, "incomplete", "No key of a log that the policy trusts signed " + name)
    except Unknown as error:
        report.found(check, "unsupported", "%s: %s" % (name, error))
    except (Malformed, Forged) as error:
        report.found(check, "failed", "%s: %s" % (name, error))
    return None


def check_heads(bundle, policy, old, report):
    note = bundle.read("data/log/checkpoint")
    if note is None:
        report.found("signature", "incomplete", "The bundle has no checkpoint")
        return None
    head = open_head("signature", "the checkpoint", note, policy, report)
    if head is None:
        return None
    report.looked.update(("signature", "witnesses"))
    (origin, size, root), quorum, unchecked = head
    anchored, earlier = size if quorum else 0, {}
    others = [(path, bundle.read(path)) for path in bundle.files if path.startswith(("data/checkpoints/", "data/anchors/")) and path.endswith(".note")] + old
    for name, other in others:
        opened = open_head("consistency", name, other, policy, report)
        if opened is None:
            continue
        (other_origin, other_size, other_root), other_quorum, _ = opened
        if other_origin != origin:
            report.found("consistency", "incomplete", name + " is of another log")
        elif other_size > size:
            report.found("consistency", "failed", "%s is of %d leaves, and this log has %d" % (name, other_size, size))
        elif other_size == size and other_root != root:
            report.found("consistency", "failed", name + " has another root for the same leaves: the log showed two histories")
        if 0 < other_size < size:
            earlier.setdefault(other_size, []).append((name, other_root))
        if other_quorum and other_size <= size:
            anchored = max(anchored, other_size)
    if not policy.met(set()) and anchored == 0:
        if unchecked:
            report.found("witnesses", "unsupported", "%s cosigned with ML-DSA-44, which needs openssl 3.5 or newer to be checked" % ", ".join(unchecked))
        else:
            report.found("witnesses", "incomplete", "No checkpoint was seen by the witnesses that the policy asks for")
    return origin, size, root, earlier, note


def lines_of(bundle, path, count):
    """As bytes: what was digested is these, whatever text they may be."""
    data = bundle.read(path)
    if data is None:
        return None
    text_of(data, path)
    lines = data.split(b"\n")
    if len(lines) != count + 1 or lines[-1] != b"":
        raise Malformed("%s must hold %d lines" % (path, count))
    return lines


def entries_of(bundle, tile, width, headers):
    """The entries of the leaves of a tile; None for one that is not in the bundle."""
    if headers == "SCOPED":
        lines = lines_of(bundle, "data/headers/%s.lines" % tile_path(tile), width)
        return [line or None for line in lines[:-1]] if lines else [None] * width
    data, entries, at = bundle.read("data/log/tile/entries/%s%s" % (tile_path(tile), "" if width == WIDTH else ".p/%d" % width)), [], 0
    if data is None:
        raise Missing("The entries of tile %d are missing" % tile)
    while at + 2 <= len(data) and len(entries) < width:
        end = at + 2 + (data[at] << 8 | data[at + 1])
        if end > len(data):
            break
        entries.append(data[at + 2:end])
        at = end
    if at != len(data) or len(entries) != width:
        raise Malformed("The entries of tile %d must be %d" % (tile, width))
    return entries


def tiles_of(bundle, size, headers):
    """A tile at a time: its first index, the hashes of its leaves, their entries, and the lines of what was stored, two a leaf."""
    for tile in range((size + WIDTH - 1) // WIDTH):
        width = min(WIDTH, size - tile * WIDTH)
        part = tile_path(tile) + ("" if width == WIDTH else ".p/%d" % width)
        hashes = bundle.read("data/log/tile/0/" + part)
        if hashes is None:
            raise Missing("The hashes of tile %d are missing" % tile)
        if len(hashes) != width * 32:
            raise Malformed("The hashes of tile %d must be %d" % (tile, width))
        entries = entries_of(bundle, tile, width, headers)
        payloads = lines_of(bundle, "data/payloads/%s.lines" % tile_path(tile), 2 * width) or [b""] * (2 * width)
        yield tile * WIDTH, hashes, entries, payloads


def stored_in(line, enc, length, digest):
    """Whether a line holds the bytes of this digest, and holds them as the leaf says; and these bytes."""
    if line.startswith(b"raw:"):
        if enc != "raw":
            return None
        try:
            line = b64(line[4:].decode("latin-1"), "A payload behind raw:")
        except Malformed:
            return None
    elif line and enc != "jcs":
        return None
    return line if len(line) == length and hashlib.sha256(line).digest() == digest else None


# An entry as nearly all are: of the form of version 1, in ASCII, and nothing in it escaped. Such a text is canonical.
PLAIN = r"[ !#-\[\]-~]"
DIGEST = r'\{"enc":"(jcs|raw)","len":(0|[1-9][0-9]{0,14}),"sha256":"([A-Za-z0-9+/]{43}=)"\}'
ENTRY = re.compile(
    r'\{"created":"([0-9]{4}-(?:0[1-9]|1[0-2])-[0-9]{2})(T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{3}Z)","data":' + DIGEST
    + r',"id":"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})","kids":\[((?:"' + PLAIN + r'*"(?:,"' + PLAIN + r'*")*)?)\],"log":"(' + PLAIN + r'+)","meta":' + DIGEST
    + r',"pos":"(0|[1-9][0-9]{0,18})","prev":"(|[A-Za-z0-9+/]{43}=)","rev":"(0|[1-9][0-9]{0,18})","stream":"(' + PLAIN + r'+)","type":"(' + PLAIN + r'+)","v":1\}', re.ASCII)
# Nothing that stands before the id in canonical JSON is a text that somebody could have chosen.
ID = re.compile(rb'"id":"([0-9a-f-]{36})"')
DAYS = set()


def leaf_of(entry):
    """What an entry says: time, data, metadata (each encoding, length, digest), id, keys, log, position, leaf before, revision, stream, type."""
    match = ENTRY.fullmatch(entry.decode("latin-1"))
    if match:
        day, time, enc, length, digest, event, kids, log, meta_enc, meta_length, meta_digest, position, prev, revision, stream, kind = match.groups()
        if day in DAYS or 1 <= int(day[8:]) <= days_of(int(day[:4]), int(day[5:7])):
            DAYS.add(day)
            return (day + time, (enc, int(length), binascii.a2b_base64(digest)), (meta_enc, int(meta_length), binascii.a2b_base64(meta_digest)), event,
                    kids[1:-1].split('","') if kids else (), log, int(position), prev, int(revision), stream, kind)
    header = parse_entry(entry)
    data, meta = ((one["enc"], one["len"], binascii.a2b_base64(one["sha256"])) for one in (header["data"], header["meta"]))
    return (header["created"], data, meta, header["id"], header["kids"], header["log"], int(header["pos"]), header["prev"], int(header["rev"]), header["stream"], header["type"])


def parse_entry(entry):
    text = text_of(entry, "A leaf")
    try:
        header = json.loads(text)
    except (ValueError, RecursionError):
        raise Malformed("A leaf is JSON")
    if not isinstance(header, dict):
        raise Malformed("A leaf is an object")
    version = header.get("v")
    if type(version) in (int, float) and version != 1:
        parse_json(entry, "A leaf")
        raise Unknown("A leaf of another version than 1")

    def text_like(value, form):
        return isinstance(value, str) and re.fullmatch(form, value, re.DOTALL | re.ASCII) is not None

    def digest(value):
        return (isinstance(value, dict) and set(value) == {"enc", "sha256", "len"} and value["enc"] in ("jcs", "raw") and text_like(value["sha256"], "[A-Za-z0-9+/]{43}=")
                and isinstance(value["len"], int) and not isinstance(value["len"], bool) and 0 <= value["len"] <= SAFE)

    decimal = "0|[1-9][0-9]{0,18}"
    forms = {"log": ".+", "stream": ".+", "rev": decimal, "id": "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "type": ".+", "pos": decimal, "created": r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z", "prev": "|[A-Za-z0-9+/]{43}="}
    fits = (set(header) == set(forms) | {"v", "data", "meta", "kids"} and type(version) is int and all(text_like(header[name], form) for name, form in forms.items())
            and digest(header["data"]) and digest(header["meta"]) and isinstance(header["kids"], list) and all(isinstance(kid, str) for kid in header["kids"]))
    if not fits or header["created"][8:10] > "28" and int(header["created"][8:10]) > days_of(int(header["created"][:4]), int(header["created"][5:7])):
        raise Malformed("A leaf has exactly the fields of version 1")
    # Names and numbers of a leaf are plain: Python writes them as RFC 8785 wants them.
    if json.dumps(header, sort_keys=True, separators=(",", ":"), ensure_ascii=False) != text or "\\u0000" in text and any_text(header, lambda one: "\0" in one):
        raise Malformed("A leaf is canonical JSON (RFC 8785)")
    return header


def days_of(year, month):
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 28 + leap if month == 2 else 30 if month in (4, 6, 9, 11) else 31


def in_scope(scope, index, stream):
    if scope["kind"] == "ALL" or stream == scope["ledgerStream"]:
        return True
    return stream == scope.get("stream") if scope["kind"] == "STREAM" else scope.get("from", 0) <= index < scope.get("to", 0)


# An event is recorded at most so long before one that stands before it: two clocks, each within its minute.
MAY_GO_BACK = 120_000
# What is there for a few only: a bundle leaves out what was stored of it, and is whole without.
KEPT_APART = "KeptApart"
NAME = re.compile(r"[A-Za-z][A-Za-z0-9./-]*", re.ASCII)
CSV_HEADER = b"ledgerindex,stream,revision,eventid,type,recordedat,position,datasha256hex,metadatasha256hex\n"


def milliseconds(created):
    """Since the year 0: only differences are asked for."""
    year, month, day = int(created[:4]), int(created[5:7]), int(created[8:10])
    days = year * 365 + (year + 3) // 4 - (year + 99) // 100 + (year + 399) // 400 + sum(days_of(year, one) for one in range(1, month)) + day
    return ((days * 24 + int(created[11:13])) * 60 + int(created[14:16])) * 60_000 + int(created[17:19]) * 1_000 + int(created[20:23])


def in_json(text):
    return text if NAME.fullmatch(text) else json.dumps(text, ensure_ascii=False)[1:-1]


def cell(text):
    if NAME.fullmatch(text):
        return text
    safe = "'" + text if text[:1] in tuple("=+-@\t\r") else text
    return '"%s"' % safe.replace('"', '""') if re.search(r'[",\n\r]', safe) else safe


class Derived:
    """A file for reading: held, line by line, against what it should say."""

    def __init__(self, bundle, path, report):
        self.bundle, self.path, self.report, self.differs = bundle, path, report, False
        self.file = open(os.path.join(bundle.folder, path), "rb") if path in bundle.known else None
        # Once it is not known what a line should say: as far as that it was compared.
        self.given_up = False

    def line(self, expected, index=None):
        if self.file is None or self.differs or self.given_up or self.file.read(len(expected)) == expected:
            return
        self.differs = True
        if index is None:
            self.report.found("copies", "failed", self.path + " does not begin as it should")
        else:
            self.report.found("copies", "failed", self.path + " does not say what the leaf says", index=index)

    def end(self):
        if self.given_up:
            return
        if self.file is None:
            self.report.found("copies", "incomplete", self.path + " is missing")
            return
        if not self.differs and self.file.read(1):
            self.report.found("copies", "failed", self.path + " goes on after the last leaf in scope")
        self.bundle.seen.add(self.path)

    def close(self):
        if self.file is not None:
            self.file.close()


class Leaves:
    """What is checked leaf by leaf."""

    def __init__(self, bundle, scope, size, report):
        self.bundle, self.scope, self.size, self.report = bundle, scope, size, report
        self.jsonl, self.csv = Derived(bundle, "data/events.jsonl", report), Derived(bundle, "data/events.csv", report)
        self.csv.line(CSV_HEADER)
        self.streams, self.destroyed, self.exports = {}, {}, []
        self.position, self.latest, self.in_scope, self.stored = -1, "", 0, 0
        # Sixteen bits a leaf, of which the id of each event sets two: where both were set already, the id may be there twice. All ids at
        # once would be what most of the memory is for.
        # A size may say anything; a tile is a file, at least.
        self.bits, self.doubtful, self.unbelieved = bytearray(2 * min(size, WIDTH * len(bundle.files)) + 1), set(), set()

    def leaf(self, index, leaf, entry, data, metadata):
        found, scope = self.report.found, self.scope
        if entry is None:
            if data or metadata:
                found("payloads", "failed", "Something was stored, they say, and there is no header that could say what", index=index)
            if scope["kind"] == "ALL" or scope["kind"] == "RANGE" and scope["from"] <= index < scope["to"]:
                found("completeness", "incomplete", "It is in scope, and its header is not here", index=index)
            return
        if hashlib.sha256(b"\0" + entry).digest() != leaf:
            found("tree", "failed", "The header is not the one whose hash is in the tree", index=index)
            self.jsonl.given_up = self.csv.given_up = True
            self.unbelieved.add(index)
            return
        try:
            header = leaf_of(entry)
        except (Malformed, Unknown) as error:
            found("headers", "unsupported" if isinstance(error, Unknown) else "failed", str(error), index=index)
            self.jsonl.given_up = self.csv.given_up = True
            self.unbelieved.add(index)
            return
        created, about_data, about_metadata, event, kids, log, position, prev, revision, stream, kind = header
        place = {"index": index, "stream": stream, "revision": str(revision), "eventId": event}
        if log != scope["log"]:
            found("headers", "failed", "The leaf is of another log", **place)
        self.order(leaf, position, prev, revision, stream, place)
        if created >= self.latest:
            self.latest = created
        elif milliseconds(self.latest) - milliseconds(created) > MAY_GO_BACK:
            found("headers", "failed", "It was recorded at %s, they say, after what was recorded at %s" % (created, self.latest), **place)
            self.latest = created
        one, other = divmod(hash(event), 1 << 32)
        one, other = one % (8 * len(self.bits)), other % (8 * len(self.bits))
        if self.bits[one >> 3] >> (one & 7) & 1 and self.bits[other >> 3] >> (other & 7) & 1:
            self.doubtful.add(event.encode())
        self.bits[one >> 3] |= 1 << (one & 7)
        self.bits[other >> 3] |= 1 << (other & 7)
        is_in_scope = in_scope(scope, index, stream)
        stored = self.payload(data, about_data, "data", is_in_scope, kind, place)
        also = self.payload(metadata, about_metadata, "metadata", is_in_scope, kind, place)
        if is_in_scope:
            self.in_scope += 1
            self.stored += bool(data and metadata)
            if kind != KEPT_APART and (not data and about_data[1] or not metadata and about_metadata[1]):
                self.jsonl.given_up = True
            if not (self.jsonl.given_up and self.csv.given_up):
                self.derive(index, header, data, metadata)
            if scope["kind"] == "STREAM" and "data/proofs/%s.tlog-proof" % event not in self.bundle.known:
                found("copies", "incomplete", "Its proof is missing", **place)
        if kind == "LedgerExported" and stored is not None and also is not None and stream == scope["ledgerStream"]:
            self.exports += [(index, said) for said in (object_in(stored),) if said is not None]
        for kid in kids:
            if kid in self.destroyed:
                found("erasure", "failed", "It is sealed under a key that leaf %d says was destroyed" % self.destroyed[kid], **place)
        if kind == "SubjectKeyDestroyed" and stored:
            gone = object_in(stored) or {}
            if isinstance(gone.get("kid"), str) and isinstance(gone.get("destroyedAt"), str):
                self.destroyed[gone["kid"]] = index

    def order(self, leaf, position, prev, revision, stream, place):
        if position <= self.position:
            self.report.found("headers", "failed", "The leaf stands before one that happened earlier", **place)
        self.position = position
        last, scope = self.streams.get(stream), self.scope
        begins = last is None and scope["headers"] == "SCOPED" and scope["kind"] == "RANGE" and stream != scope["ledgerStream"]
        if not begins:
            if prev != (binascii.b2a_base64(last[:32], newline=False).decode() if last else ""):
                self.report.found("headers", "failed", "The leaf does not follow the leaf of its stream before it", **place)
            if revision < (int.from_bytes(last[32:], "big") + 1 if last else 0):
                self.report.found("headers", "failed", "The revision came before", **place)
        # In one piece: of every stream there is one.
        self.streams[stream] = leaf + revision.to_bytes(8, "big")

    def payload(self, line, about, what, is_in_scope, kind, place):
        """What was stored, where it is here and is what was signed. Also outside the scope nothing else is used."""
        if line == b"":
            if not is_in_scope:
                return None
            if about[1] > 0:
                if kind != KEPT_APART:
                    self.report.found("payloads", "incomplete", "Its %s are absent" % what, **place)
                return None
        stored = stored_in(line, *about) if line else b"" if hashlib.sha256().digest() == about[2] else None
        if stored is None:
            self.report.found("payloads", "failed", "Its %s are not what was stored" % what, **place)
        return stored

    def derive(self, index, header, data, metadata):
        """What is there for reading, once more: CloudEvents 1.0, and a table."""
        created, (_, _, digest), (_, _, meta_digest), event, _, log, position, _, revision, stream, kind = header
        name, kind_name = in_json(stream), in_json(kind)
        context = (
            '{"specversion":"1.0","id":"%s","source":"//%s/%s","type":"caseledger.%s","time":"%s","subject":"%s","ledgerindex":%d,"revision":"%d","position":"%d","datacontenttype":"application/json"'
            % (event, in_json(log), name, kind_name, created, name, index, revision, position)
        ).encode()
        if data and metadata and not data.startswith(b"raw:") and not metadata.startswith(b"raw:"):
            line = b"".join((context, b',"data":{"event":', data, b',"metadata":', metadata, b"}}\n"))
        else:
            line = context + b"}\n"
        self.jsonl.line(line, index)
        row = "%d,%s,%d,%s,%s,%s,%d,%s,%s\n" % (index, cell(stream), revision, event, cell(kind), created, position, digest.hex(), meta_digest.hex())
        self.csv.line(row.encode(), index)

    def end(self):
        found, scope = self.report.found, self.scope
        for index in self.repeated():
            found("headers", "failed", "An earlier leaf is of an event with the same id", index=index)
        self.jsonl.end()
        self.csv.end()
        for what, said, there in (("leaves", scope["counts"]["leaves"], self.in_scope), ("leaves whose payload is there", scope["counts"]["payloads"], self.stored)):
            if said != there:
                found("completeness", "incomplete" if there < said else "failed", "The scope says %d %s; %d are there" % (said, what, there))
        if scope["kind"] == "STREAM" and scope["headers"] == "SCOPED" and scope["stream"] not in self.streams:
            found("completeness", "incomplete", "No leaf of the stream %s is here" % scope["stream"])

    def repeated(self):
        """Leaves of which an earlier one has the event id: of the ids that may be there twice, all leaves are asked once more."""
        seen = set()
        for first in range(0, self.size, WIDTH) if self.doubtful else ():
            for index, entry in enumerate(entries_of(self.bundle, first // WIDTH, min(WIDTH, self.size - first), self.scope["headers"]), first):
                event = ID.search(entry).group(1) if entry and index not in self.unbelieved else None
                if event in self.doubtful:
                    if event in seen:
                        yield index
                    seen.add(event)

    def close(self):
        self.jsonl.close()
        self.csv.close()


def object_in(data):
    try:
        value = parse_json(data, "A payload")
    except Malformed:
        return None
    return value if isinstance(value, dict) else None


def check_leaves(bundle, scope, head, report):
    """Answers what the ledger has on record of bundles that were made."""
    _, size, root, earlier, _ = head
    peaks, leaves = [], Leaves(bundle, scope, size, report)
    try:
        for first, hashes, entries, payloads in tiles_of(bundle, size, scope["headers"]):
            take_tile(peaks, first, hashes, earlier, report)
            for n, entry in enumerate(entries):
                leaves.leaf(first + n, hashes[n * 32:n * 32 + 32], entry, payloads[2 * n], payloads[2 * n + 1])
        if root_of(peaks) != root:
            report.found("tree", "failed", "The leaves do not make the root that was signed")
            leaves.exports = []
        leaves.end()
        return leaves.exports
    except Missing as error:
        report.found("tree", "incomplete", str(error))
    except Malformed as error:
        report.found("tree", "failed", str(error))
    finally:
        leaves.close()
    return []


def take_tile(peaks, first, hashes, earlier, report):
    """A full tile is a subtree of its own; where an earlier checkpoint ended within it, or the log does, its leaves are taken one by one."""
    width = len(hashes) // 32
    if width == WIDTH and not any(first < size < first + WIDTH for size in earlier):
        sha256, row = hashlib.sha256, hashes
        while len(row) > 32:
            row = b"".join([sha256(b"\x01" + row[at:at + 64]).digest() for at in range(0, len(row), 64)])
        append(peaks, row, 8)
        compare_earlier(peaks, first + WIDTH, earlier, report)
        return
    for n in range(width):
        append(peaks, hashes[n * 32:n * 32 + 32])
        compare_earlier(peaks, first + n + 1, earlier, report)


def compare_earlier(peaks, size, earlier, report):
    for name, other in earlier.get(size, ()):
        if root_of(peaks) != other:
            report.found("consistency", "failed", "%s has another root for the first %d leaves" % (name, size))


def check_bag_info(bundle, scope, report):
    """The label of a bag says what the scope says."""
    info = "Source-Organization: %s\nBagging-Date: %s\nExternal-Identifier: %s\nBag-Software-Agent: Caseledger\n" % (scope["log"], scope["madeAt"][:10], scope["reference"])
    found = bundle.read("bag-info.txt")
    if found is None:
        report.found("copies", "incomplete", "bag-info.txt is missing")
    elif found != info.encode():
        report.found("copies", "failed", "bag-info.txt does not say what the scope says")


def check_proofs(bundle, head, policy, report):
    """Every proof of the bundle: it is of the event that its name says, under the checkpoint of the bundle, whoever else cosigned that."""
    origin, size, root, _, note = head
    believed = {note}
    for path in bundle.files:
        if not path.startswith("data/proofs/"):
            continue
        try:
            extra, index, hashes, checkpoint = parse_proof(bundle.read(path))
            if checkpoint not in believed and policy.open(checkpoint)[0] != (origin, size, root):
                raise Malformed("It is under another checkpoint than the one of the bundle")
            believed.add(checkpoint)
            if not included(index, size, sha(b"\0", extra or b""), hashes, root):
                raise Malformed("The leaf is not where the proof says")
            if path != "data/proofs/%s.tlog-proof" % parse_entry(extra or b"")["id"]:
                raise Malformed("It is of another event than its name says")
        except NoKnownKey as error:
            report.found("copies", "incomplete", "%s: %s" % (path, error))
        except Unknown as error:
            report.found("copies", "unsupported", "%s: %s" % (path, error))
        except (Malformed, Forged) as error:
            report.found("copies", "failed", "%s: %s" % (path, error))


def manifest_digest(bundle):
    return base64.urlsafe_b64encode(sha(bundle.read("manifest-sha256.txt") or b"")).decode().rstrip("=")


def scope_digest(scope):
    """Over what a bundle says of itself, in this order."""
    names = ("kind", "stream", "from", "to", "headers", "size", "counts", "reference", "v", "log", "ledgerStream", "madeAt")
    said = {name: scope[name] for name in names if name in scope}
    said["counts"] = {name: scope["counts"][name] for name in ("leaves", "payloads")}
    return base64.urlsafe_b64encode(sha(json.dumps(said, separators=(",", ":"), ensure_ascii=False).encode())).decode().rstrip("=")


def check_exported(bundle, scope, later, exports, report):
    """That a bundle is the one of which the ledger says, in a bundle of a later day, that it was made. Answers what that vouches for."""
    if later.verdict() != "VERIFIED":
        report.found("completeness", "failed" if later.verdict() == "FAILED" else "incomplete", "The later bundle is not VERIFIED: nothing can be held against it")
        return None
    manifest = manifest_digest(bundle)
    for _, said in exports:
        if said.get("scopeDigest") == scope_digest(scope) and said.get("manifestDigest", manifest) == manifest:
            return "FILES" if "manifestDigest" in said else "SCOPE"
    asked = {"scope": scope["kind"], **{name: scope.get(name) for name in ("stream", "from", "to", "headers", "size")}}
    if any(all(said.get(name) == value for name, value in asked.items()) for _, said in exports):
        report.found("completeness", "failed", "The ledger says that such a bundle was made, with another digest: this is not it")
    else:
        report.found("completeness", "incomplete", "The later bundle does not say that this one was made: ask for one of a later day")
    return None


WHY = {"verify.mjs": "use a verifier of your own", "README.md": "nobody signed it"}


def say_not_checked(bundle, scope, is_on_record, report):
    """Checks, files of which nothing was read, and what the scope says that no leaf proves."""
    report.not_checked += ["the check " + check for check in CHECKS if report.result_of(check) == "not checked"]
    unread = [path for path in bundle.files if path not in bundle.seen]
    report.not_checked += ["%s: %s" % (path, WHY.get(path, "nothing of it was compared")) for path in unread[:100]]
    if len(unread) > 100:
        report.not_checked.append("%d more files" % (len(unread) - 100))
    if scope is None:
        return
    known = ("v", "log", "size", "kind", "headers", "ledgerStream", "counts", "reference", "madeAt") + OF_KIND[scope["kind"]]
    unknown = [name for name in scope if name not in known] + ["counts." + name for name in scope["counts"] if name not in ("leaves", "payloads")]
    report.not_checked += ["%s of data/scope.json: this verifier does not know it" % name for name in sorted(unknown)]
    if is_on_record:
        return
    report.not_checked.append("reference and madeAt of data/scope.json: hold the bundle against a later one (--exported)")
    if scope["headers"] == "SCOPED":
        report.not_checked.append("counts of data/scope.json, that no leaf of the scope was left out: hold the bundle against a later one (--exported)")


# Time stamps (RFC 3161), in DER

SEQUENCE, SET, INTEGER, BITS, OCTETS, OID, BOOLEAN, UTC_TIME, TIME = 0x30, 0x31, 2, 3, 4, 6, 1, 0x17, 0x18
DIGESTS = {"1.3.14.3.2.26": "sha1", "2.16.840.1.101.3.4.2.1": "sha256", "2.16.840.1.101.3.4.2.2": "sha384", "2.16.840.1.101.3.4.2.3": "sha512"}
SIGNATURES = {"1.2.840.113549.1.1.%d" % n: name for n, name in ((11, "sha256"), (12, "sha384"), (13, "sha512"))}
SIGNATURES.update({"1.2.840.10045.4.3.%d" % n: name for n, name in ((2, "sha256"), (3, "sha384"), (4, "sha512"))})
RSA, EC = "1.2.840.113549.1.1.1", "1.2.840.10045.2.1"
NO_STAMP = "A time stamp is not of the form of RFC 3161"


def elements(data):
    """The elements that follow each other: tag, content, whole."""
    found, at = [], 0
    while at < len(data):
        if at + 2 > len(data) or data[at] & 0x1F == 0x1F:
            raise Malformed("A time stamp is DER with tags of one byte")
        short = data[at + 1]
        more = short & 0x7F if short >= 0x80 else 0
        begins = at + 2 + more
        if more > 4 or short == 0x80 or begins > len(data):
            raise Malformed("A length in a time stamp leads beyond its end")
        length = int.from_bytes(data[at + 2:begins], "big") if more else short
        if more and (length < 0x80 or data[at + 2] == 0):
            raise Malformed("A length in a time stamp is not the shortest")
        if begins + length > len(data):
            raise Malformed("A length in a time stamp leads beyond its end")
        found.append((data[at], data[begins:begins + length], data[at:begins + length]))
        at = begins + length
    return found


def nth(parts, n):
    return parts[n] if n < len(parts) else None


def expected(element, tag):
    if element is None or element[0] != tag:
        raise Malformed(NO_STAMP)
    return element


def only(data, tag):
    parts = elements(data)
    if len(parts) != 1:
        raise Malformed(NO_STAMP)
    return elements(expected(parts[0], tag)[1])


def inside(element, tag):
    return elements(expected(element, tag)[1])


def oid(element):
    content = expected(element, OID)[1]
    if not content or content[-1] >= 0x80 or any(one == 0x80 and (n == 0 or content[n - 1] < 0x80) for n, one in enumerate(content)):
        raise Malformed(NO_STAMP)
    numbers, value = [content[0] // 40, content[0] % 40], 0
    for one in content[1:]:
        value = value * 128 + (one & 0x7F)
        if one < 0x80:
            numbers.append(value)
            value = 0
    return ".".join(str(number) for number in numbers)


def is_second(digits):
    """Whether 14 digits are a second of the calendar."""
    if not re.fullmatch(r"[0-9]{4}(0[1-9]|1[0-2])[0-9]{2}([01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]", digits):
        return False
    return 1 <= int(digits[6:8]) <= days_of(int(digits[:4]), int(digits[4:6]))


class Certificate:
    def __init__(self, raw):
        parts = only(raw, SEQUENCE)
        fields = inside(nth(parts, 0), SEQUENCE)
        if fields and fields[0][0] == 0xA0:
            fields = fields[1:]
        validity, bits = inside(nth(fields, 3), SEQUENCE), expected(nth(parts, 2), BITS)[1]
        held = [content for tag, content, _ in fields[6:] if tag == 0xA3]
        extensions = {}
        for _, content, _ in only(held[0], SEQUENCE) if held else []:
            said = elements(content)
            critical = len(said) > 1 and said[1][0] == BOOLEAN and said[1][1][:1] == b"\xff"
            extensions.setdefault(oid(nth(said, 0)), (critical, expected(said[-1] if len(said) > 1 else None, OCTETS)[1]))
        same = expected(nth(fields, 1), SEQUENCE)[2] == expected(nth(parts, 1), SEQUENCE)[2]
        if len(parts) != 3 or len(validity) != 2 or bits[:1] != b"\0" or not same:
            raise Malformed("A certificate is not of the form of X.509")
        basic = elements(extensions.get("2.5.29.19", (False, b""))[1])
        basic = elements(basic[0][1]) if basic else []
        usage = elements(extensions.get("2.5.29.15", (False, b""))[1])
        signs = not usage or len(usage[0][1]) > 1 and usage[0][1][1] & 4
        critical, purposes = extensions.get("2.5.29.37", (False, None))
        named = [oid(one) for one in only(purposes, SEQUENCE)] if purposes is not None else []
        self.raw, self.signed, self.signature = raw, parts[0][2], bits[1:]
        self.issuer, self.subject = expected(nth(fields, 2), SEQUENCE)[2], expected(nth(fields, 4), SEQUENCE)[2]
        self.begins, self.ends = (self.time(*one) for one in validity)
        self.key = expected(nth(fields, 5), SEQUENCE)[2]
        self.kind = oid(nth(inside(nth(inside(nth(fields, 5), SEQUENCE), 0), SEQUENCE), 0))
        self.is_authority = bool(basic) and basic[0][0] == BOOLEAN and basic[0][1][:1] == b"\xff" and bool(signs)
        self.below = basic[1][1][0] if len(basic) > 1 and basic[1][0] == INTEGER and len(basic[1][1]) == 1 else 8
        self.is_for_stamps = critical and named == ["1.3.6.1.5.5.7.3.8"]
        self.is_strange = any(one and kind not in ("2.5.29.15", "2.5.29.17", "2.5.29.19", "2.5.29.32", "2.5.29.37") for kind, (one, _) in extensions.items())
        self.algorithm = oid(nth(inside(nth(fields, 1), SEQUENCE), 0))

    @staticmethod
    def time(tag, content, _):
        text = content.decode("latin-1")
        if tag == UTC_TIME and re.fullmatch(r"[0-9]{12}Z", text):
            text = ("20" if int(text[:2]) < 50 else "19") + text
        if tag not in (UTC_TIME, TIME) or not text.endswith("Z") or not is_second(text[:-1]):
            raise Malformed("A time in a certificate is none")
        return text[:-1]


def signed_by(certificate, digest, message, signature):
    if certificate.kind not in (RSA, EC):
        raise Unknown("A time stamp with a signature that this verifier does not know")
    words = ("pkeyutl", "-verify", "-pubin", "-inkey", "key", "-keyform", "DER", "-rawin", "-digest", digest, "-in", "message", "-sigfile", "signature")
    return openssl(*words, key=certificate.key, message=message, signature=signature)


def certificates_in(data, name):
    found = []
    for block in re.findall(r"-----BEGIN CERTIFICATE-----([A-Za-z0-9+/= \t\r\n]+)-----END CERTIFICATE-----", data.decode("latin-1")):
        try:
            found.append(Certificate(b64(re.sub(r"[ \t\r\n]", "", block), "A certificate")))
        except Malformed as error:
            raise Malformed("%s: %s" % (name, error))
    if not found:
        raise Malformed("%s: it holds no certificate in PEM" % name)
    return found


def believed_stamp(answer, stamped, authorities):
    """Whether a stamp of these bytes leads to one of these certificates, each valid at the second of the stamp."""
    status = only(answer, SEQUENCE)
    granted = expected(nth(inside(nth(status, 0), SEQUENCE), 0), INTEGER)[1]
    if len(status) != 2 or len(granted) != 1 or granted[0] > 1:
        raise Malformed("The authority did not grant a time stamp")
    token = inside(status[1], SEQUENCE)
    if oid(nth(token, 0)) != "1.2.840.113549.1.7.2" or len(token) != 2:
        raise Malformed("A time stamp is signed data")
    data = only(expected(token[1], 0xA0)[1], SEQUENCE)
    content = inside(nth(data, 2), SEQUENCE)
    if oid(nth(content, 0)) != "1.2.840.113549.1.9.16.1.4":
        raise Malformed("What is signed in a time stamp says what was stamped")
    info = nth(inside(nth(content, 1), 0xA0), 0)
    signers_info = inside(data[-1] if len(data) > 3 else None, SET)
    if len(signers_info) != 1:
        raise Malformed("A time stamp has one signer")
    info = expected(info, OCTETS)[1]
    signer = inside(signers_info[0], SEQUENCE)
    digest = DIGESTS.get(oid(nth(inside(nth(signer, 2), SEQUENCE), 0)))
    if digest is None:
        raise Unknown("A time stamp with a digest that this verifier does not know")
    attributes = expected(nth(signer, 3), 0xA0)
    parts = elements(attributes[1])
    algorithm, signature = oid(nth(inside(nth(signer, 4), SEQUENCE), 0)), expected(nth(signer, 5), OCTETS)[1]
    held = [Certificate(whole) for tag, all_of_them, _ in data[3:] if tag == 0xA0 for kind, _, whole in elements(all_of_them) if kind == SEQUENCE]
    second = stamped_at(info, stamped)
    named = [elements(content) for _, content, _ in parts]
    certificate = signer_of(named, held, authorities)
    if oid(nth(value_of(named, "1.2.840.113549.1.9.3"), 0)) != "1.2.840.113549.1.9.16.1.4":
        raise Malformed("What is signed in a time stamp says what was stamped")
    if hashlib.new(digest, info).digest() != expected(nth(value_of(named, "1.2.840.113549.1.9.4"), 0), OCTETS)[1]:
        raise Forged("The time stamp was changed after it was signed")
    by = digest if algorithm == RSA else SIGNATURES.get(algorithm)
    if by is None:
        raise Unknown("A time stamp with a signature that this verifier does not know")
    # RFC 5652 section 5.4: it is the set that is signed, and not the tagged field that stands there.
    if not signed_by(certificate, by, bytes([SET]) + attributes[2][1:], signature):
        raise Forged("The time stamp is not signed by its certificate")
    if not certificate.is_for_stamps:
        raise Forged("The certificate of the time stamp is not for time stamps")
    return leads_to(certificate, held, authorities, second)


def stamped_at(info, stamped):
    parts = only(info, SEQUENCE)
    imprint = inside(nth(parts, 2), SEQUENCE)
    digest = DIGESTS.get(oid(nth(inside(nth(imprint, 0), SEQUENCE), 0)))
    if digest in (None, "sha1"):
        raise Unknown("A time stamp over a digest that this verifier does not take")
    if hashlib.new(digest, stamped).digest() != expected(nth(imprint, 1), OCTETS)[1]:
        raise Malformed("The time stamp is of something else")
    match = re.fullmatch(r"([0-9]{14})(\.[0-9]{1,9})?Z", expected(nth(parts, 4), TIME)[1].decode("latin-1"))
    if not match or not is_second(match.group(1)):
        raise Malformed("The time of a time stamp is not one")
    return match.group(1)


def value_of(attributes, kind):
    """The values of a signed attribute; none where it is not there."""
    for one in attributes:
        if oid(nth(one, 0)) == kind:
            return inside(nth(one, 1), SET)
    return []


def signer_of(attributes, held, authorities):
    """The certificate that a signer names by its digest: RFC 5035, RFC 2634."""
    newer, older = "1.2.840.113549.1.9.16.2.47", "1.2.840.113549.1.9.16.2.12"
    is_newer = any(oid(nth(one, 0)) == newer for one in attributes)
    values = value_of(attributes, newer if is_newer else older)
    ids = elements(values[0][1]) if values else []
    ids = elements(ids[0][1]) if ids else []
    parts = elements(ids[0][1]) if ids else []
    if parts and parts[0][0] == SEQUENCE:
        digest = DIGESTS.get(oid(nth(elements(parts[0][1]), 0)))
    else:
        digest = "sha256" if is_newer else "sha1"
    hashes = [content for tag, content, _ in parts if tag == OCTETS]
    if digest is None or not hashes:
        raise Malformed("The time stamp does not name the certificate of its signer")
    for certificate in held + authorities:
        if hashlib.new(digest, certificate.raw).digest() == hashes[0]:
            return certificate
    if held:
        raise Malformed("The time stamp does not hold the certificate of its signer")
    raise NoKnownKey("It is by an authority that was not named, and holds no certificate")


def leads_to(certificate, others, believed, second):
    for length in range(8):
        if not certificate.begins <= second <= certificate.ends:
            raise Forged("A certificate of the time stamp was not valid at its time")
        if any(one.raw == certificate.raw for one in believed):
            return True
        if certificate.is_strange:
            raise Unknown("A certificate of the time stamp says something that this verifier does not understand")
        digest = SIGNATURES.get(certificate.algorithm)
        if digest is None:
            raise Unknown("A certificate with a signature that this verifier does not know")
        for other in believed + others:
            if other.is_authority and other.below >= length and other.subject == certificate.issuer and signed_by(other, digest, certificate.signed, certificate.signature):
                certificate = other
                break
        else:
            return False
    return False


def check_stamps(bundle, authorities, report):
    stamps = sorted(path for path in bundle.files if path.startswith("data/anchors/") and path.endswith(".tsr"))
    if not authorities:
        return
    report.looked.add("stamps")
    if not stamps:
        report.found("stamps", "incomplete", "The bundle holds no time stamps")
    for path in stamps:
        note = bundle.read(path[:-3] + "note")
        if note is None:
            report.found("stamps", "incomplete", "The checkpoint that %s is of is missing" % path)
            continue
        try:
            if not believed_stamp(bundle.read(path), note, authorities):
                report.found("stamps", "incomplete", "%s is by an authority that was not named" % path)
        except NoKnownKey as error:
            report.found("stamps", "incomplete", "%s: %s" % (path, error))
        except Unknown as error:
            report.found("stamps", "unsupported", "%s: %s" % (path, error))
        except (Malformed, Forged) as error:
            report.found("stamps", "failed", "%s: %s" % (path, error))


def verify_at(path, policy, old, authorities, exported=None):
    """The report, and what the ledger's own leaves in the bundle say of bundles that were made."""
    try:
        if not os.path.isfile(path):
            return verify(path, policy, old, authorities, exported)
        import tempfile
        with tempfile.TemporaryDirectory() as folder:
            return verify(unpack(path, folder), policy, old, authorities, exported)
    except Refused as error:
        report = Report()
        report.found("manifest", error.result, str(error))
        return report, []


def verify(folder, policy, old, authorities, exported):
    """Whatever the bundle says is proved, or derived from what is and compared, or listed in the report as not checked."""
    report = Report()
    bundle = Bundle(folder)
    check_manifest(bundle, report)
    is_signed_pack = check_pack(bundle, policy, report)
    scope = read_scope(bundle, report)
    head = check_heads(bundle, policy, old, report)
    if head is not None:
        check_stamps(bundle, authorities, report)
    exports, on_record = [], None
    if scope is not None and head is not None:
        exports = check_content(bundle, scope, head, policy, report)
        if exported is not None:
            on_record = check_exported(bundle, scope, *verify_at(exported, policy, [("the earlier bundle", head[4])], []), report)
    # Whoever signed the digest of the manifest vouches for all that it names.
    if is_signed_pack or on_record == "FILES":
        bundle.seen.update(path for path in bundle.files if path.startswith("data/"))
    say_not_checked(bundle, scope, is_signed_pack or on_record is not None, report)
    return report, exports


def check_content(bundle, scope, head, policy, report):
    """What the checkpoint proves, and what is derived from that."""
    report.looked.update(("consistency", "tree", "headers", "payloads", "copies", "completeness", "erasure", "time"))
    if (scope["log"], scope["size"]) != (head[0], head[1]):
        report.found("completeness", "failed", "The scope is of another log, or of another size, than the checkpoint")
    elif scope["ledgerStream"] != "ledger-" + hashlib.sha256(head[0].encode()).hexdigest()[:32]:
        report.found("completeness", "failed", "The scope names another stream as the one in which the ledger speaks of itself")
    check_bag_info(bundle, scope, report)
    exports = check_leaves(bundle, scope, head, report)
    check_proofs(bundle, head, policy, report)
    return exports


def receipt(data, policy):
    """A proof by itself: its extra data are the leaf, or the 32 bytes of its hash."""
    try:
        extra, index, hashes, note = parse_proof(data)
        if extra is None:
            return "INCOMPLETE", "The proof does not say of which leaf it is"
        (origin, size, root), quorum, unchecked = policy.open(note)
        if not included(index, size, extra if len(extra) == 32 else sha(b"\0", extra), hashes, root):
            return "FAILED", "The leaf is not where the proof says"
        if unchecked:
            return "UNSUPPORTED", "%s cosigned with ML-DSA-44, which needs openssl 3.5 or newer to be checked" % ", ".join(unchecked)
        if not quorum:
            return "INCOMPLETE", "The witnesses that the policy asks for did not see this checkpoint"
        leaf = "; which event it is of, the ledger says" if len(extra) == 32 else ": " + extra.decode("utf-8", "replace")
        return "VERIFIED", "Leaf %d of %s, under its checkpoint of %d leaves%s" % (index, origin, size, leaf)
    except NoKnownKey as error:
        return "INCOMPLETE", str(error)
    except Unknown as error:
        return "UNSUPPORTED", str(error)
    except (Malformed, Forged) as error:
        return "FAILED", str(error)


def shown(text):
    """A bundle is somebody else's: what it says does nothing to the terminal."""
    return "".join(character if character.isprintable() else "\\u{%x}" % ord(character) for character in text)


def told(report, as_json):
    if as_json:
        print(json.dumps({"verdict": report.verdict(), "checks": [{"check": check, "result": report.result_of(check)} for check in CHECKS], "findings": report.findings, "notChecked": report.not_checked}))
        return
    for check in CHECKS:
        print("%-11s %s" % (report.result_of(check), check))
        for one in [finding for finding in report.findings if finding["check"] == check][:100]:
            place = ["leaf %d" % one["index"]] if "index" in one else []
            place += ["%s@%s, event %s" % (one["stream"], one["revision"], one["eventId"])] if "stream" in one else []
            print(shown("            %s: %s" % (one["result"], ": ".join([", ".join(place), one["what"]] if place else [one["what"]]))))
    for what in report.not_checked:
        print(shown("not checked " + what))
    print(report.verdict())


def read_file(name):
    with open(name, "rb") as file:
        return file.read()


class Usage(argparse.ArgumentParser):
    def error(self, message):
        raise Misused(message)


class Misused(Exception):
    """Not asked right."""


def main(words):
    parser = Usage(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, add_help=False, allow_abbrev=False)
    parser.add_argument("bundle", nargs="?")
    parser.add_argument("--policy")
    parser.add_argument("--old", action="append", default=[])
    parser.add_argument("--tsa", action="append", default=[])
    parser.add_argument("--exported")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--help", action="store_true")
    try:
        given = parser.parse_args(words)
        if given.help:
            print(__doc__)
            return 0
        if given.bundle is None or given.policy is None:
            raise Misused(parser.format_usage())
        policy = Policy(read_file(given.policy), given.policy)
        if given.bundle.endswith(".tlog-proof"):
            verdict, what = receipt(read_file(given.bundle), policy)
            print(json.dumps({"verdict": verdict, "what": what}) if given.json else "%s\n%s" % (shown(what), verdict))
            return EXIT[verdict]
        old = [(name, read_file(name)) for name in given.old]
        authorities = [one for name in given.tsa for one in certificates_in(read_file(name), name)]
        report, _ = verify_at(given.bundle, policy, old, authorities, given.exported)
        told(report, given.json)
        return EXIT[report.verdict()]
    except (Malformed, Misused, Unreadable) as error:
        print(shown(str(error)), file=sys.stderr)
        return 2
    except OSError as error:
        print("A file that was named cannot be read: %s" % error.strerror, file=sys.stderr)
        return 2
    except Exception as error:
        print("The verifier itself failed, and says nothing about the bundle: %s %s" % (type(error).__name__, error), file=sys.stderr)
        return 70


def program():
    """Whoever reads may have read enough: that changes nothing about the verdict. What cannot be written for another reason does."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.reconfigure(errors="backslashreplace")
    written = io.StringIO()
    with contextlib.redirect_stdout(written):
        code = main(sys.argv[1:])
    try:
        if sys.stdout is not None:
            sys.stdout.write(written.getvalue())
            sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 70
    return code


if __name__ == "__main__":
    sys.exit(program())
