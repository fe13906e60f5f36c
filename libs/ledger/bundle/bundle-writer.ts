import { createHash } from 'node:crypto'
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  type WriteStream,
} from 'node:fs'
import { once } from 'node:events'
import { basename, dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import { bagDeclaration, bagDeclared, bagInfo, manifestFile } from '#verifier/bundle-layout'

/** The folder is there already: a bundle is never written over. */
export class BundleExists extends Error {
  constructor(folder: string) {
    super(`${folder} is there already: name a folder that is not`)
  }
}

/** A file that the manifest does not name. */
export type TagFile = { readonly path: string; readonly content: string }

/** A bag (RFC 8493) in the making, beside where it will stand: it appears whole or not at all. What a killed export left is begun anew. */
export class BundleWriter {
  readonly #draft: string
  readonly #digests = new Map<string, string>()

  /** @param place a folder; or, where it ends in .zip, a zip with one folder. @throws BundleExists */
  constructor(private readonly place: string) {
    if (existsSync(place)) throw new BundleExists(place)
    this.#draft = `${place}.partial`
    rmSync(this.#draft, { recursive: true, force: true })
    mkdirSync(this.#draft, { recursive: true, mode: 0o700 })
  }

  write(path: string, content: Uint8Array | string) {
    writeFileSync(this.#pathOf(path), content)
    if (path.startsWith('data/')) this.#digests.set(path, createHash('sha256').update(content).digest('hex'))
  }

  /** A file that grows line by line. */
  lines(path: string): LineFile {
    return new LineFile(createWriteStream(this.#pathOf(path)), digest => {
      this.#digests.set(path, digest)
    })
  }

  /**
   * Writes what makes it a bag, lets `before` do what has to be done first and add what stands beside the manifest, and puts it in its
   * place.
   */
  async finish(info: string, before: (manifestDigest: string) => Promise<readonly TagFile[]>): Promise<void> {
    this.write(bagDeclaration, bagDeclared)
    this.write(bagInfo, info)
    const manifest = [...this.#digests]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, digest]) => `${digest}  ${path}\n`)
      .join('')
    this.write(manifestFile, manifest)
    for (const { path, content } of await before(createHash('sha256').update(manifest).digest('base64url'))) this.write(path, content)
    if (this.place.endsWith('.zip')) await this.#zip()
    else renameSync(this.#draft, this.place)
  }

  async #zip(): Promise<void> {
    const zip = new ZipFile()
    const draft = `${this.place}.zipping`
    const top = basename(this.place, '.zip')
    for (const path of readdirSync(this.#draft, { recursive: true, encoding: 'utf8' }).sort())
      if (statSync(join(this.#draft, path)).isFile()) zip.addFile(join(this.#draft, path), `${top}/${path}`, { mode: 0o100600 })
    zip.end()
    await pipeline(zip.outputStream, createWriteStream(draft, { mode: 0o600 }))
    renameSync(draft, this.place)
    this.discard()
  }

  discard() {
    rmSync(this.#draft, { recursive: true, force: true })
  }

  #pathOf(path: string) {
    const whole = join(this.#draft, path)
    mkdirSync(dirname(whole), { recursive: true })
    return whole
  }
}

/** A file that is written and digested line by line, and never held. */
export class LineFile {
  readonly #hash = createHash('sha256')

  constructor(
    private readonly stream: WriteStream,
    private readonly done: (digest: string) => void,
  ) {}

  async line(text: string): Promise<void> {
    const line = `${text}\n`
    this.#hash.update(line)
    if (!this.stream.write(line)) await once(this.stream, 'drain')
  }

  async end(): Promise<void> {
    this.stream.end()
    await once(this.stream, 'finish')
    this.done(this.#hash.digest('hex'))
  }
}
