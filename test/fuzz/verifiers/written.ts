import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Honest } from './honest.js'
import type { Case } from './mutations.js'

export const caseOf = ({ files, policy, old, tsa, later }: Honest): Case => ({
  files: new Map(files),
  policy: Buffer.from(policy),
  old: old.map(note => Buffer.from(note)),
  tsa: tsa.map(pem => Buffer.from(pem)),
  later: later && new Map(later),
  receipt: undefined,
  beside: [],
  changes: [],
})

/** Puts a case on a disk, and says how to ask of it. */
export function written(place: string, one: Case, zip?: Buffer): { readonly one: Case; readonly words: readonly string[] } {
  mkdirSync(place, { recursive: true })
  const file = (name: string, content: Buffer) => {
    writeFileSync(join(place, name), content)
    return join(place, name)
  }
  const words = ['--policy', file('policy', one.policy), '--json']
  one.old.forEach((note, n) => words.push('--old', file(`old-${n}`, note)))
  one.tsa.forEach((pem, n) => words.push('--tsa', file(`tsa-${n}.pem`, pem)))
  if (one.later) words.push('--exported', folderOf(join(place, 'later'), { files: one.later, beside: [] }))
  if (one.receipt) words.unshift(file('receipt.tlog-proof', one.receipt))
  else if (zip) words.unshift(file('bundle.zip', zip))
  else words.unshift(folderOf(join(place, 'bundle'), one))
  return { one, words }
}

function folderOf(folder: string, { files, beside }: Pick<Case, 'files' | 'beside'>): string {
  mkdirSync(folder, { recursive: true })
  /** What a disk does not take, for its name or for what stands there already, is not there: for both verifiers. */
  const as = (path: string, write: (whole: string) => void) => {
    try {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      write(join(folder, path))
    } catch {
      // The other verifier is asked of the same.
    }
  }
  for (const [path, content] of files)
    as(path, whole => {
      writeFileSync(whole, content)
    })
  for (const { path, kind } of beside)
    as(path, whole => {
      if (kind === 'folder') mkdirSync(whole)
      else if (kind === 'link') symlinkSync('/etc/hostname', whole)
      else writeFileSync(Buffer.concat([Buffer.from(whole), Buffer.from([0x61, 0xff])]), 'x')
    })
  return folder
}
