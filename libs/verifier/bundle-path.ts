const [longestPath, longestName] = [1_000, 255]
// U+FFFD is what Node makes of bytes on a disk that are no UTF-8.
const unfit = /[\u0000-\u001f\u007f\\\ufffd]/

/** Whether a file of a bundle may be called so: below the bundle on every system, and in lines of text. Lengths are bytes of UTF-8. */
export const isBundlePath = (path: string): boolean =>
  Buffer.byteLength(path) <= longestPath
  && !unfit.test(path)
  && !/^[A-Za-z]:/.test(path)
  && path.split('/').every(part => part !== '' && part !== '.' && part !== '..' && Buffer.byteLength(part) <= longestName)
