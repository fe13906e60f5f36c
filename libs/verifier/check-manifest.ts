import { isUtf8 } from 'node:buffer'
import type { Bundle } from './bundle-folder.js'
import { bagDeclaration, bagDeclared, manifestFile } from './bundle-layout.js'
import { isBundlePath } from './bundle-path.js'
import type { Report } from './verdict.js'

const line = /^([0-9a-f]{64})  (data\/.*)$/s

/**
 * BagIt (RFC 8493): every file under data stands in the manifest, once, with the SHA-256 that it has. Answers what compares the digests:
 * to be called when everything else was read, so that files that were need not be read once more.
 */
export function checkManifest(bundle: Bundle, report: Report): (progress: (done: number, of: number) => void) => void {
  const fail = (what: string) => {
    report.found({ check: 'manifest', result: 'failed', what })
  }
  if (bundle.read(bagDeclaration)?.equals(Buffer.from(bagDeclared)) !== true) {
    fail('There is no bagit.txt that declares a bag of BagIt 1.0 in UTF-8')
    return nothing
  }
  const listed = new Map<string, string>()
  const manifest = bundle.read(manifestFile) ?? Buffer.alloc(0)
  if (!isUtf8(manifest)) {
    fail('The manifest must be UTF-8')
    return nothing
  }
  for (const one of manifest
    .toString('utf8')
    .split('\n')
    .filter(text => text !== '')) {
    const [, digest, path] = line.exec(one) ?? []
    if (digest === undefined || path === undefined || !isBundlePath(path)) {
      fail('A line of the manifest is not a digest and a path below data')
      return nothing
    }
    if (listed.has(path)) {
      fail('The manifest names a file twice')
      return nothing
    }
    listed.set(path, digest)
  }
  const payload = bundle.files().filter(path => path.startsWith('data/'))
  for (const path of payload) if (!listed.has(path)) fail(`The manifest does not name ${path}`)
  report.remark('manifest', `${listed.size} files. The manifest is not signed: it finds damage; what was signed is checked below.`)
  return progress => {
    let done = 0
    for (const [path, digest] of listed) {
      if (!bundle.has(path)) report.found({ check: 'manifest', result: 'incomplete', what: `${path} is missing` })
      else if (bundle.digest(path) !== digest) fail(`${path} is not the file that the manifest names`)
      progress(++done, listed.size)
    }
  }
}
const nothing = () => undefined
