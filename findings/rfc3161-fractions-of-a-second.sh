#!/usr/bin/env bash
# A time stamp (RFC 3161) whose time has a fraction of a second is refused by sigstore's parser as `invalid time`, or loses the fraction:
# it depends on how many digits the fraction has.
#
# Versions: @sigstore/core 3.2.1, @peculiar/asn1-tsp 2.6.0 beside it, OpenSSL 3.0 as the authority (clock_precision_digits).
# One would guess: RFC 3161 (2.4.2) lets genTime have a fraction of any length, and DER leaves its trailing zeroes out, so that a reader
# takes one digit as well as six, and answers the time that was stamped.
# Seen: with three digits the parser answers the whole second, without an error; with one, two or six it throws. An authority whose clock
# gives milliseconds writes .8 for .800, so that one stamp in ten of it is refused, and the others are earlier than they say.
# @peculiar/asn1-tsp reads each of them, to the millisecond.
#
# Output seen:
#   1 digit: @sigstore/core invalid time; @peculiar/asn1-tsp has the fraction
#   2 digits: @sigstore/core invalid time; @peculiar/asn1-tsp has the fraction
#   3 digits: @sigstore/core 000 ms; @peculiar/asn1-tsp has the fraction
#   6 digits: @sigstore/core invalid time; @peculiar/asn1-tsp has the fraction
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
echo '{ "private": true, "type": "module" }' > package.json
npm install --silent --no-audit --no-fund --save-exact @sigstore/core@3.2.1 @peculiar/asn1-tsp@2.6.0 @peculiar/asn1-cms@2.11.1 \
  @peculiar/asn1-schema@2.11.1

cat > authority.cnf <<'CNF'
[req]
distinguished_name = none
x509_extensions = stamping
prompt = no
[none]
CN = An invented authority
[stamping]
extendedKeyUsage = critical,timeStamping
[tsa]
default_tsa = authority
[authority]
serial = ./serial
signer_cert = ./authority.pem
signer_key = ./authority.key
signer_digest = sha256
default_policy = 1.2.3.4.1
other_policies = 1.2.3.4.1
digests = sha256
clock_precision_digits = 6
CNF
openssl req -x509 -newkey rsa:2048 -nodes -keyout authority.key -out authority.pem -days 2 -config authority.cnf 2> /dev/null
echo 01 > serial
echo 'what was signed' > data
openssl ts -query -data data -sha256 -out query.tsq 2> /dev/null

# OpenSSL stamps with the clock: again until the fraction has as many digits as are asked for (trailing zeroes are left out).
stamp() {
  sed -i "s/^clock_precision_digits.*/clock_precision_digits = $1/" authority.cnf
  for _ in $(seq 50); do
    openssl ts -reply -config authority.cnf -queryfile query.tsq -out "$1.tsr" 2> /dev/null
    openssl ts -reply -in "$1.tsr" -text 2> /dev/null | grep -Eq "Time stamp: .*:[0-9]{2}\.[1-9][0-9]{$(($1 - 1))} " && return
  done
  echo "no stamp with $1 digits" >&2
  return 1
}
for digits in 1 2 3 6; do stamp "$digits"; done

cat > read.mjs <<'JS'
import { readFileSync } from 'node:fs'
import { AsnParser } from '@peculiar/asn1-schema'
import { SignedData } from '@peculiar/asn1-cms'
import { TSTInfo, TimeStampResp } from '@peculiar/asn1-tsp'
import { RFC3161Timestamp } from '@sigstore/core'

const bySigstore = bytes => {
  try {
    return `${RFC3161Timestamp.parse(bytes).signingTime.toISOString().slice(20, 23)} ms`
  } catch (error) {
    return error.message
  }
}
const byPeculiar = bytes => {
  const signed = AsnParser.parse(AsnParser.parse(bytes, TimeStampResp).timeStampToken.content, SignedData)
  return AsnParser.parse(signed.encapContentInfo.eContent.single.buffer, TSTInfo).genTime.getMilliseconds()
}
for (const digits of [1, 2, 3, 6]) {
  const bytes = readFileSync(`${digits}.tsr`)
  const other = byPeculiar(bytes) > 0 ? 'has the fraction' : 'has none'
  console.log(`${digits} ${digits === 1 ? 'digit' : 'digits'}: @sigstore/core ${bySigstore(bytes)}; @peculiar/asn1-tsp ${other}`)
}
JS
node read.mjs > seen
cat seen
diff - seen <<'SEEN'
1 digit: @sigstore/core invalid time; @peculiar/asn1-tsp has the fraction
2 digits: @sigstore/core invalid time; @peculiar/asn1-tsp has the fraction
3 digits: @sigstore/core 000 ms; @peculiar/asn1-tsp has the fraction
6 digits: @sigstore/core invalid time; @peculiar/asn1-tsp has the fraction
SEEN
