#!/usr/bin/env bash
# A part that a program loads late, because it may not be installed, has to be there at the start once esbuild has bundled the program.
#
# Versions: esbuild 0.28.2, kysely 0.28.18, Node 20.
# One would guess: `import('./late.js')` stays late. A bundle may put the file inside, but what the file imports from outside is imported
# when the file is run.
# Seen: in a bundle of ES modules without --splitting, late.js is inside and is run late; its own `import … from 'kysely'`, kept outside by
# --external, becomes an import of the bundle, which Node loads before anything runs. A program that never asks for it pays for it at
# every start, and does not start where it is not installed. With --splitting late.js is a file of its own, and all is as it was.
#
# Output seen:
#   as it is: started
#   bundled: ERR_MODULE_NOT_FOUND
#   bundled with --splitting: started
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
cat > package.json <<'JSON'
{ "private": true, "type": "module" }
JSON
npm install --silent --no-audit --no-fund --save-exact esbuild@0.28.2 kysely@0.28.18
cat > late.js <<'JS'
import { Kysely } from 'kysely'
export const name = Kysely.name
JS
cat > program.js <<'JS'
if (process.argv.includes('--migrate')) console.log((await import('./late.js')).name)
else console.log('started')
JS
bundle() { npx esbuild program.js --bundle --platform=node --format=esm --log-level=error --external:kysely "$@"; }
bundle --outfile=whole/program.mjs
bundle --splitting --outdir=parts --out-extension:.js=.mjs
# From here on it is not installed.
rm -r node_modules/kysely
run() { node "$1" 2>&1 | grep -o -m1 -e started -e ERR_MODULE_NOT_FOUND; }
said="as it is: $(run program.js)
bundled: $(run whole/program.mjs)
bundled with --splitting: $(run parts/program.mjs)"
echo "$said"
diff - <(echo "$said") <<'SEEN' && echo 'as written down'
as it is: started
bundled: ERR_MODULE_NOT_FOUND
bundled with --splitting: started
SEEN
