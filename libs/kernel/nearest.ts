/** The word that was meant, where one is near: two letters missing, wrong, added or swapped at most, and fewer than half of it. */
export function nearest(written: string, known: readonly string[]): string | undefined {
  const [best] = known.map(word => ({ word, far: distance(written.toLowerCase(), word.toLowerCase()) })).sort((a, b) => a.far - b.far)
  return best && best.far <= 2 && best.far * 2 < best.word.length + 1 ? best.word : undefined
}

/** Damerau and Levenshtein’s, where no letters are changed between two that are swapped. */
function distance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j : j === 0 ? i : 0)),
  )
  const at = (i: number, j: number) => rows[i]?.[j] ?? 0
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const row = rows[i] as number[]
      row[j] = Math.min(
        at(i - 1, j) + 1,
        at(i, j - 1) + 1,
        at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1),
        swapped ? at(i - 2, j - 2) + 1 : Infinity,
      )
    }
  }
  return at(a.length, b.length)
}
