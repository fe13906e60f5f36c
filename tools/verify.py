#!/usr/bin/env python3
"""The second verifier of audit bundles: written apart from verify.mjs, with Python's standard library and openssl for Ed25519.

Usage: verify.py <bundle, a folder or a zip> --policy <trust.policy> [--old <checkpoint>]... [--tsa <certificates.pem>]... [--json]

Ends with 0 VERIFIED, 1 FAILED, 3 INCOMPLETE, 4 UNSUPPORTED, 2 when it was not asked right. It opens no connection.
What each verdict means, and what a bundle holds, is in docs/auditors.md. Two verifiers that disagree are a defect in one of them.
"""
import argparse
import base64
import binascii
import hashlib
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib

CHECKS = ("manifest", "signature", "witnesses", "stamps", "tree", "consistency", "headers", "payloads", "completeness", "erasure", "time")
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


class Missing(Exception):
    """A file without which nothing below it can be told."""


class Unreadable(Exception):
    """No bundle at all."""


class Report:
    def __init__(self):
        self.findings = []
        self.looked = set()

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


def sha(*parts):
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.digest()


# Keys, notes, policies


class Key:
    def __init__(self, vkey):
        match = re.fullmatch(r"([^+]+)\+([0-9a-f]{8})\+(.+)", vkey, re.DOTALL)
        if not match:
            raise Malformed("A verifier key is name+id+base64")
        self.name, self.id = match.group(1), match.group(2)
        if re.search(r"\s", self.name):
            raise Malformed("A key name holds no spaces")
        typed = b64(match.group(3), "The key in a verifier key")
        if not typed or typed[0] not in (1, 4):
            raise Unknown("A verifier key of an unknown type")
        if len(typed) != 33:
            raise Malformed("An Ed25519 key is 32 bytes")
        if sha(self.name.encode(), b"\n", typed)[:4].hex() != self.id:
            raise Malformed("The id in a verifier key is not that of its name and key")
        self.cosigns, self.public = typed[0] == 4, typed[1:]

    def verifies(self, message, signature):
        der = bytes.fromhex("302a300506032b6570032100") + self.public
        pem = b"-----BEGIN PUBLIC KEY-----\n" + base64.encodebytes(der) + b"-----END PUBLIC KEY-----\n"
        with tempfile.TemporaryDirectory() as folder:
            paths = {name: os.path.join(folder, name) for name in ("key", "message", "signature")}
            for name, content in (("key", pem), ("message", message), ("signature", signature)):
                with open(paths[name], "wb") as file:
                    file.write(content)
            command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", paths["key"], "-rawin", "-in", paths["message"], "-sigfile", paths["signature"]]
            return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def parse_note(data):
    try:
        note = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed("A note is UTF-8")
    if len(note) > 1_000_000 or re.search(r"[\x00-\x09\x0b-\x1f]", note):
        raise Malformed("A note is at most a million characters, without control characters")
    end = note.rfind("\n\n")
    if end < 0 or not note.endswith("\n") or end + 2 == len(note):
        raise Malformed("A note is a text, a blank line and signatures")
    signatures = []
    for line in note[end + 2:-1].split("\n"):
        match = re.fullmatch("\u2014 ([^ ]+) ([^ ]+)", line)
        if not match or re.search(r"[\s+]", match.group(1)):
            raise Malformed("A signature is a line of a dash, a key name and base64")
        raw = b64(match.group(2), "A signature")
        if len(raw) < 5:
            raise Malformed("A signature begins with the id of its key")
        signatures.append((match.group(1), raw[:4].hex(), raw[4:]))
    if len(signatures) > 100:
        raise Malformed("A note has at most 100 signatures")
    return note[:end + 1], signatures


def signers(text, signatures, keys):
    signed = []
    for name, key_id, signature in signatures:
        for key in keys:
            if (key.name, key.id) != (name, key_id):
                continue
            message = text.encode()
            if key.cosigns:
                if len(signature) != 72:
                    raise Forged("A signature in the name of a known key is not by that key")
                message = b"cosignature/v1\ntime %d\n" % int.from_bytes(signature[:8], "big") + message
                signature = signature[8:]
            if len(signature) != 64 or not key.verifies(message, signature):
                raise Forged("A signature in the name of a known key is not by that key")
            signed.append(key)
            break
    return signed


def parse_checkpoint(text):
    lines = text[:-1].split("\n")
    if len(lines) < 3 or "" in lines:
        raise Malformed("A checkpoint has an origin, a size and a root, and no empty line")
    size, root = number(lines[1], "The size of a checkpoint"), hash_of(lines[2], "The root of a checkpoint")
    if size == 0 and root != sha():
        raise Malformed("A log of size 0 has the root of nothing")
    return lines[0], size, root


class Policy:
    def __init__(self, data):
        text = data.decode("latin-1")
        if re.search(r"[^\t\n\x20-\x7e\x80-\xff]", text) or not text.endswith("\n"):
            raise Malformed("A trust policy holds no control characters and ends in a newline")
        self.logs, self.witnesses, self.groups, self.quorum, grouped = [], {}, {}, None, set()
        for line in text.split("\n"):
            words = [word for word in re.split(r"[ \t]+", line) if word]
            if not words or words[0].startswith("#"):
                continue
            word, rest = words[0], words[1:]
            if word == "log" and 1 <= len(rest) <= 2:
                key = self.key(rest[0])
                if key and any(known.public == key.public for known in self.logs):
                    raise Malformed("A log is listed once")
                if key:
                    self.logs.append(key)
            elif word == "witness" and 2 <= len(rest) <= 3:
                self.new(rest[0])
                key = self.key(rest[1])
                if key and (not key.cosigns or any(known and known.public == key.public for known in self.witnesses.values())):
                    raise Malformed("The key of a witness is one for cosignatures, listed once")
                self.witnesses[rest[0]] = key
            elif word == "group" and len(rest) >= 3:
                self.new(rest[0])
                members = rest[2:]
                for member in members:
                    if member not in self.witnesses and member not in self.groups or member in grouped:
                        raise Malformed("A group has members that stand above it, each once")
                    grouped.add(member)
                needed = {"any": 1, "all": len(members)}.get(rest[1]) or (int(rest[1]) if re.fullmatch(r"[1-9][0-9]{0,3}", rest[1]) else 0)
                if not 1 <= needed <= len(members):
                    raise Malformed("A group needs any, all or a number of its members")
                self.groups[rest[0]] = (needed, members)
            elif word == "quorum" and len(rest) == 1 and self.quorum is None and (rest[0] == "none" or rest[0] in self.witnesses or rest[0] in self.groups):
                self.quorum = rest[0]
            else:
                raise Malformed("A line of a trust policy is not one")
        if self.quorum is None:
            raise Malformed("A trust policy has a quorum")

    def new(self, name):
        if name == "none" or name in self.witnesses or name in self.groups:
            raise Malformed("A name in a trust policy is given once")

    @staticmethod
    def key(octets):
        try:
            return Key(octets.encode("latin-1").decode("utf-8"))
        except UnicodeDecodeError:
            raise Malformed("A verifier key must be UTF-8")
        except Unknown:
            return None

    def met(self, seen, name=None):
        name = self.quorum if name is None else name
        if name == "none":
            return True
        if name in self.groups:
            needed, members = self.groups[name]
            return sum(self.met(seen, member) for member in members) >= needed
        return name in seen

    def open(self, note):
        text, signatures = parse_note(note)
        signed = signers(text, signatures, self.logs)
        if not signed:
            raise Forged("No known key signed this note")
        checkpoint = parse_checkpoint(text)
        if any(key.name != checkpoint[0] for key in signed):
            raise Forged("A checkpoint is signed by a log of another name")
        cosigned = signers(text, signatures, [key for key in self.witnesses.values() if key])
        return checkpoint, self.met({name for name, key in self.witnesses.items() if key in cosigned})


# The tree


def root_of(peaks):
    if not peaks:
        return sha()
    result = peaks[-1][1]
    for _, left in reversed(peaks[:-1]):
        result = sha(b"\x01", left, result)
    return result


def append(peaks, leaf):
    height = 0
    while peaks and peaks[-1][0] == height:
        leaf = sha(b"\x01", peaks.pop()[1], leaf)
        height += 1
    peaks.append((height, leaf))


# The bundle


class Refused(Exception):
    """A zip that is not unpacked, and what that means."""

    def __init__(self, result, what):
        super().__init__(what)
        self.result = result


def unpack(path, into):
    """Unpacks a zipped bundle below a folder, and answers where it stands there. Nothing is written outside."""
    try:
        with zipfile.ZipFile(path) as archive:
            seen, tops = set(), set()
            left = (64 << 20) + 200 * os.path.getsize(path)
            for entry in archive.infolist():
                # Python's reader mends names: what was written is what counts.
                name = entry.orig_filename
                parts = name.split("/")
                if "\\" in name or "\0" in name or re.match(r"[A-Za-z]:", name) or any(part in (".", "..") or (part == "" and n < len(parts) - 1) for n, part in enumerate(parts)):
                    raise Refused("failed", "A file in the zip would be written outside the bundle")
                if (entry.external_attr >> 16) & 0o170000 == 0o120000:
                    raise Refused("failed", "A bundle holds files and folders only")
                if entry.flag_bits & 1:
                    raise Refused("unsupported", "The zip is encrypted")
                if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    raise Refused("unsupported", "The zip is compressed in another way than deflate")
                if name in seen:
                    raise Refused("failed", "The zip holds two files of one name")
                seen.add(name)
                tops.add(parts[0])
                left -= entry.file_size
                if left < 0:
                    raise Refused("failed", "The zip says that it is far larger than a bundle of its size can be")
                if name.endswith("/"):
                    continue
                target = os.path.join(into, *parts)
                os.makedirs(os.path.dirname(target), exist_ok=True)
                with archive.open(entry) as source, open(target, "xb") as file:
                    shutil.copyfileobj(source, file, 1 << 20)
            if len(tops) != 1:
                raise Refused("failed", "A zipped bundle is one folder")
            return os.path.join(into, tops.pop())
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, UnicodeDecodeError, struct.error):
        raise Refused("incomplete", "The zip is cut short, or none")


class Bundle:
    def __init__(self, folder):
        if not os.path.isdir(folder):
            raise Unreadable("The bundle is not a folder")
        self.folder, self.files = folder, []
        for below, folders, files in os.walk(folder):
            for name in folders + files:
                path = os.path.join(below, name)
                if os.path.islink(path) or not (os.path.isdir(path) or os.path.isfile(path)):
                    raise Unreadable("A bundle holds files and folders only")
                if os.path.isfile(path):
                    self.files.append(os.path.relpath(path, folder).replace(os.sep, "/"))
        self.known = set(self.files)

    def read(self, path):
        if path not in self.known:
            return None
        with open(os.path.join(self.folder, path), "rb") as file:
            return file.read()

    def digest(self, path):
        digest = hashlib.sha256()
        with open(os.path.join(self.folder, path), "rb") as file:
            for part in iter(lambda: file.read(1 << 20), b""):
                digest.update(part)
        return digest.hexdigest()


def tile_path(index):
    digits = str(index).zfill((len(str(index)) + 2) // 3 * 3)
    groups = [digits[n:n + 3] for n in range(0, len(digits), 3)]
    return "/".join(["x" + group for group in groups[:-1]] + groups[-1:])


def check_manifest(bundle, report):
    report.looked.add("manifest")
    if not (bundle.read("bagit.txt") or b"").startswith(b"BagIt-Version: "):
        report.found("manifest", "failed", "There is no bagit.txt that declares a bag")
        return
    listed = {}
    for line in (bundle.read("manifest-sha256.txt") or b"").decode("utf-8", "replace").split("\n"):
        if line == "":
            continue
        match = re.fullmatch(r"([0-9a-f]{64})  (data/[^\x00-\x1f]{1,1000})", line)
        if not match or any(part in ("", ".", "..") for part in match.group(2).split("/")):
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
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed("A proof is UTF-8")
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
    text, event = bundle.read("pack.tlog-proof"), bundle.read("pack.event.json")
    if text is None and event is None:
        return
    if text is None or event is None:
        report.found("manifest", "incomplete", "A pack has pack.tlog-proof and pack.event.json")
        return
    try:
        extra, index, hashes, note = parse_proof(text)
        header = parse_entry(extra) if extra is not None else None
        opened = open_head("manifest", "the pack", note, policy, report)
        if opened is None:
            return
        (_, size, root), quorum = opened
        try:
            named = json.loads(event.decode("utf-8")).get("manifestDigest")
        except (ValueError, AttributeError):
            named = None
        manifest = base64.urlsafe_b64encode(sha(bundle.read("manifest-sha256.txt") or b"")).decode().rstrip("=")
        if header is None or not included(index, size, sha(b"\x00", extra), hashes, root) or header["type"] != "AuditPackMade":
            report.found("manifest", "failed", "The proof of the pack is not of a pack")
        elif (header["data"]["sha256"], header["data"]["len"]) != (base64.b64encode(sha(event)).decode(), len(event)):
            report.found("manifest", "failed", "The event of the pack is not the one that was signed")
        elif named != manifest:
            report.found("manifest", "failed", "The manifest is not the one that was signed")
        elif not quorum:
            report.found("manifest", "incomplete", "The witnesses that the policy asks for did not see the checkpoint of the pack")
    except Unknown as error:
        report.found("manifest", "unsupported", "pack.tlog-proof: %s" % error)
    except Malformed as error:
        report.found("manifest", "failed", "pack.tlog-proof: %s" % error)


def read_scope(bundle, report):
    data = bundle.read("data/scope.json")
    if data is None:
        report.found("completeness", "incomplete", "data/scope.json is missing")
        return None
    try:
        scope = json.loads(data.decode("utf-8"))
        if not isinstance(scope, dict):
            raise ValueError
    except (ValueError, RecursionError):
        report.found("completeness", "failed", "The scope is a JSON object")
        return None
    version = scope.get("v")
    if isinstance(version, (int, float)) and not isinstance(version, bool) and version != 1:
        report.found("completeness", "unsupported", "A bundle of another version than 1")
        return None

    def count(value):
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= SAFE

    counts = scope.get("counts")
    fits = (version == 1 and all(isinstance(scope.get(name), str) for name in ("log", "ledgerStream", "reference", "madeAt")) and count(scope.get("size"))
            and scope.get("kind") in ("ALL", "STREAM", "RANGE") and scope.get("headers") in ("FULL", "SCOPED") and isinstance(scope.get("stream", ""), str)
            and count(scope.get("from", 0)) and count(scope.get("to", 0)) and isinstance(counts, dict) and count(counts.get("leaves")) and count(counts.get("payloads")))
    if not fits:
        report.found("completeness", "failed", "The scope has the fields of version 1")
        return None
    return scope


def open_head(check, name, note, policy, report):
    try:
        _, signatures = parse_note(note)
        if not any((key.name, key.id) == (by, key_id) for by, key_id, _ in signatures for key in policy.logs):
            report.found(check, "incomplete", "No key of a log that the policy trusts signed " + name)
            return None
        return policy.open(note)
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
    (origin, size, root), quorum = head
    anchored, earlier = size if quorum else 0, {}
    others = [(path, bundle.read(path)) for path in bundle.files if path.startswith(("data/checkpoints/", "data/anchors/")) and path.endswith(".note")] + old
    for name, other in others:
        opened = open_head("consistency", name, other, policy, report)
        if opened is None:
            continue
        (other_origin, other_size, other_root), other_quorum = opened
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
        report.found("witnesses", "incomplete", "No checkpoint was seen by the witnesses that the policy asks for")
    return origin, size, root, earlier


def lines_of(bundle, path, count):
    data = bundle.read(path)
    if data is None:
        return None
    lines = data.decode("utf-8", "replace").split("\n")
    if len(lines) != count + 1 or lines[-1] != "":
        raise Malformed("%s must hold %d lines" % (path, count))
    return lines


def leaves_of(bundle, size, headers):
    for tile in range((size + WIDTH - 1) // WIDTH):
        width = min(WIDTH, size - tile * WIDTH)
        part = tile_path(tile) + ("" if width == WIDTH else ".p/%d" % width)
        hashes = bundle.read("data/log/tile/0/" + part)
        if hashes is None:
            raise Missing("The hashes of tile %d are missing" % tile)
        if len(hashes) != width * 32:
            raise Malformed("The hashes of tile %d must be %d" % (tile, width))
        if headers == "FULL":
            data, entries, at = bundle.read("data/log/tile/entries/" + part), [], 0
            if data is None:
                raise Missing("The entries of tile %d are missing" % tile)
            while at + 2 <= len(data) and len(entries) < width:
                end = at + 2 + int.from_bytes(data[at:at + 2], "big")
                if end > len(data):
                    break
                entries.append(data[at + 2:end])
                at = end
            if at != len(data) or len(entries) != width:
                raise Malformed("The entries of tile %d must be %d" % (tile, width))
        else:
            lines = lines_of(bundle, "data/headers/%s.lines" % tile_path(tile), width)
            entries = [line.encode() if line else None for line in lines[:-1]] if lines else [None] * width
        payloads = lines_of(bundle, "data/payloads/%s.lines" % tile_path(tile), 2 * width) or [""] * (2 * width)
        for n in range(width):
            yield tile * WIDTH + n, hashes[n * 32:n * 32 + 32], entries[n], payload(payloads[2 * n]), payload(payloads[2 * n + 1])


def payload(line):
    if line == "":
        return None
    if line.startswith("raw:"):
        try:
            return base64.b64decode(line[4:])
        except binascii.Error:
            return b""
    return line.encode()


def parse_entry(entry):
    try:
        text = entry.decode("utf-8")
        header = json.loads(text)
    except (ValueError, RecursionError):
        raise Malformed("A leaf is JSON")
    if not isinstance(header, dict):
        raise Malformed("A leaf is an object")
    version = header.get("v")
    if isinstance(version, (int, float)) and not isinstance(version, bool) and version != 1:
        raise Unknown("A leaf of another version than 1")

    def text_like(value, form):
        return isinstance(value, str) and re.fullmatch(form, value, re.DOTALL | re.ASCII) is not None

    def digest(value):
        return (isinstance(value, dict) and set(value) == {"enc", "sha256", "len"} and value["enc"] in ("jcs", "raw") and text_like(value["sha256"], "[A-Za-z0-9+/]{43}=")
                and isinstance(value["len"], int) and not isinstance(value["len"], bool) and 0 <= value["len"] <= SAFE)

    decimal = "0|[1-9][0-9]{0,18}"
    forms = {"log": ".+", "stream": ".+", "rev": decimal, "id": "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "type": ".+", "pos": decimal, "created": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", "prev": "|[A-Za-z0-9+/]{43}="}
    fits = (set(header) == set(forms) | {"v", "data", "meta", "kids"} and version == 1 and all(text_like(header[name], form) for name, form in forms.items())
            and digest(header["data"]) and digest(header["meta"]) and isinstance(header["kids"], list) and all(isinstance(kid, str) for kid in header["kids"]))
    if not fits:
        raise Malformed("A leaf has exactly the fields of version 1")
    # Names and numbers of a leaf are plain: Python writes them as RFC 8785 wants them.
    if json.dumps(header, sort_keys=True, separators=(",", ":"), ensure_ascii=False) != text:
        raise Malformed("A leaf is canonical JSON (RFC 8785)")
    return header


def in_scope(scope, index, stream):
    if scope["kind"] == "ALL" or stream == scope["ledgerStream"]:
        return True
    return stream == scope.get("stream") if scope["kind"] == "STREAM" else scope.get("from", 0) <= index < scope.get("to", 0)


def check_leaves(bundle, scope, head, report):
    _, size, root, earlier = head
    peaks, streams, destroyed, position, seen = [], {}, {}, -1, 0
    try:
        for index, leaf, entry, data, metadata in leaves_of(bundle, size, scope["headers"]):
            append(peaks, leaf)
            if index + 1 in earlier:
                for name, other in earlier[index + 1]:
                    if root_of(peaks) != other:
                        report.found("consistency", "failed", "%s has another root for the first %d leaves" % (name, index + 1))
            if entry is None:
                continue
            if sha(b"\x00", entry) != leaf:
                report.found("tree", "failed", "The header is not the one whose hash is in the tree", index=index)
                continue
            try:
                header = parse_entry(entry)
            except Unknown as error:
                report.found("headers", "unsupported", str(error), index=index)
                continue
            except Malformed as error:
                report.found("headers", "failed", str(error), index=index)
                continue
            place = {"index": index, "stream": header["stream"], "revision": header["rev"], "eventId": header["id"]}
            if header["log"] != scope["log"]:
                report.found("headers", "failed", "The leaf is of another log", **place)
            if int(header["pos"]) <= position:
                report.found("headers", "failed", "The leaf stands before one that happened earlier", **place)
            position = int(header["pos"])
            last = streams.get(header["stream"])
            begins = last is None and scope["headers"] == "SCOPED" and scope["kind"] == "RANGE" and header["stream"] != scope["ledgerStream"]
            if not begins:
                if header["prev"] != (last[1] if last else ""):
                    report.found("headers", "failed", "The leaf does not follow the leaf of its stream before it", **place)
                if int(header["rev"]) < (last[0] + 1 if last else 0):
                    report.found("headers", "failed", "The revision came before", **place)
            streams[header["stream"]] = (int(header["rev"]), base64.b64encode(leaf).decode())
            if in_scope(scope, index, header["stream"]):
                seen += 1
                for what, stored, digest in (("data", data, header["data"]), ("metadata", metadata, header["meta"])):
                    if stored is None and digest["len"] > 0:
                        report.found("payloads", "incomplete", "Its %s are absent" % what, **place)
                    elif len(stored or b"") != digest["len"] or base64.b64encode(sha(stored or b"")).decode() != digest["sha256"]:
                        report.found("payloads", "failed", "Its %s are not what was stored" % what, **place)
            for kid in header["kids"]:
                if kid in destroyed:
                    report.found("erasure", "failed", "It is sealed under a key that leaf %d says was destroyed" % destroyed[kid], **place)
            if header["type"] == "SubjectKeyDestroyed" and data:
                try:
                    gone = json.loads(data.decode("utf-8"))
                    if isinstance(gone, dict) and isinstance(gone.get("kid"), str) and isinstance(gone.get("destroyedAt"), str):
                        destroyed[gone["kid"]] = index
                except ValueError:
                    pass
    except Missing as error:
        report.found("tree", "incomplete", str(error))
        return
    except Malformed as error:
        report.found("tree", "failed", str(error))
        return
    if root_of(peaks) != root:
        report.found("tree", "failed", "The leaves do not make the root that was signed")
    if seen < scope["counts"]["leaves"]:
        report.found("completeness", "incomplete", "The scope says %d leaves; %d are there" % (scope["counts"]["leaves"], seen))


def check_stamps(bundle, authorities, report):
    stamps = sorted(path for path in bundle.files if path.startswith("data/anchors/") and path.endswith(".tsr"))
    if not authorities:
        return
    report.looked.add("stamps")
    if not stamps:
        report.found("stamps", "incomplete", "The bundle holds no time stamps")
    for path in stamps:
        note = path[:-3] + "note"
        if note not in bundle.known:
            report.found("stamps", "incomplete", "The checkpoint that %s is of is missing" % path)
            continue
        said = ""
        for authority in authorities:
            command = ["openssl", "ts", "-verify", "-data", os.path.join(bundle.folder, note), "-in", os.path.join(bundle.folder, path), "-CAfile", authority, "-partial_chain"]
            tried = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            said = tried.stdout.decode("utf-8", "replace")
            if tried.returncode == 0:
                break
        else:
            if "issuer certificate" in said or "self-signed certificate" in said or "self signed certificate" in said:
                report.found("stamps", "incomplete", "%s is by an authority that was not named" % path)
            else:
                report.found("stamps", "failed", "%s is no time stamp of its checkpoint" % path)


def verify_at(path, policy, old, authorities):
    if not os.path.isfile(path):
        return verify(path, policy, old, authorities)
    with tempfile.TemporaryDirectory() as folder:
        try:
            return verify(unpack(path, folder), policy, old, authorities)
        except Refused as error:
            report = Report()
            report.found("manifest", error.result, str(error))
            return report


def verify(folder, policy, old, authorities):
    report = Report()
    bundle = Bundle(folder)
    check_manifest(bundle, report)
    check_pack(bundle, policy, report)
    scope = read_scope(bundle, report)
    head = check_heads(bundle, policy, old, report)
    if head is not None:
        check_stamps(bundle, authorities, report)
    if scope is None or head is None:
        return report
    report.looked.update(("consistency", "tree", "headers", "payloads", "completeness", "erasure", "time"))
    if (scope["log"], scope["size"]) != (head[0], head[1]):
        report.found("completeness", "failed", "The scope is of another log, or of another size, than the checkpoint")
    check_leaves(bundle, scope, head, report)
    return report


def main():
    parser = argparse.ArgumentParser(description="Checks a bundle of the audit ledger, offline.")
    parser.add_argument("bundle")
    parser.add_argument("--policy", required=True)
    parser.add_argument("--old", action="append", default=[])
    parser.add_argument("--tsa", action="append", default=[])
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    try:
        with open(given.policy, "rb") as file:
            policy = Policy(file.read())
        old = []
        for name in given.old:
            with open(name, "rb") as file:
                old.append((name, file.read()))
        report = verify_at(given.bundle, policy, old, given.tsa)
    except (Malformed, Unreadable, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    if given.json:
        print(json.dumps({"verdict": report.verdict(), "checks": [{"check": check, "result": report.result_of(check)} for check in CHECKS], "findings": report.findings}))
    else:
        for check in CHECKS:
            print("%-11s %s" % (report.result_of(check), check))
            for one in [finding for finding in report.findings if finding["check"] == check][:100]:
                place = ["leaf %d" % one["index"]] if "index" in one else []
                place += ["%s@%s, event %s" % (one["stream"], one["revision"], one["eventId"])] if "stream" in one else []
                print("            %s: %s" % (one["result"], ": ".join([", ".join(place), one["what"]] if place else [one["what"]])))
        print(report.verdict())
    return EXIT[report.verdict()]


if __name__ == "__main__":
    sys.exit(main())
