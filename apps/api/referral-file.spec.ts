import { Refused } from '#nest/problems'
import { columnNames, mostLines, referralsIn } from './referral-file.js'

const header = 'source,channel,serviceArea,receivedAt,serviceWish,name,phone'
const row = 'STARS,EMAIL,GATESHEAD,2026-11-20T10:00:00Z,YES,Marigold Penhaligon,07700 900142'
const body = {
  source: 'STARS',
  channel: 'EMAIL',
  serviceArea: 'GATESHEAD',
  receivedAt: '2026-11-20T10:00:00Z',
  serviceWish: 'YES',
  person: { name: 'Marigold Penhaligon', phone: '07700 900142' },
}
/** What is wrong with a file, as it is said. */
function wrongWith(csv: string): string {
  try {
    referralsIn(csv)
  } catch (error) {
    if (error instanceof Refused) return `${error.refusal.code} ${JSON.stringify(error.errors)}`
    throw error
  }
  throw new Error('nothing was wrong with it')
}

describe('[C10] a file with referrals', () => {
  test('has one a line, by the names of its columns', () => expect(referralsIn(`${header}\n${row}\n`)).toEqual([{ line: 2, body }]))
  test('may come from a spreadsheet: with a mark before it, other line ends, blank lines and cells', () => {
    expect(referralsIn(`\uFEFF${header}\r\n\r\n ${row}\r\n`)).toEqual([{ line: 3, body }])
    const { phone: _, ...person } = body.person
    expect(referralsIn(`${header}\n${row.replace('07700 900142', ' ')}`)).toEqual([{ line: 2, body: { ...body, person } }])
  })
  test('has a cell of several lines; the referral is known by the line on which it ends', () => {
    const reason = 'wants "warehouse" work,\nor a kitchen'
    const quoted = `"${reason.replaceAll('"', '""')}"`
    expect(referralsIn(`${header},reason\n${row},${quoted}\n${row},\n`)).toEqual([
      { line: 3, body: { ...body, reason } },
      { line: 4, body },
    ])
  })
  test('holds text: what a spreadsheet would work out stands there as it is', () => {
    const cells = ['=HYPERLINK("x")', '+447700900142', '@SUM(1)', '-2+3']
    for (const cell of cells) {
      const [one] = referralsIn(`${header}\n${row.replace('Marigold Penhaligon', `"${cell.replaceAll('"', '""')}"`)}`)
      expect(one).toMatchObject({ body: { person: { name: cell } } })
    }
  })
  test('a line with too few or too many cells is none; those beside it are', () =>
    expect(referralsIn(`${header}\nSTARS,EMAIL\n${row},more\n${row}`)).toEqual([
      { line: 2, errors: [{ rule: 'must have a cell for each column, and no other' }] },
      { line: 3, errors: [{ rule: 'must have a cell for each column, and no other' }] },
      { line: 4, body },
    ]))
})

describe('[C10] a file is refused whole', () => {
  test.each([
    ['with a column that nobody knows', `${header},nickname-Thistlewood\n`, columnNames.join(', ')],
    ['without one that is needed', header.replace(',name', ''), 'must have the columns'],
    ['with one twice', `${header},phone\n`, 'must not name a column twice'],
    ['of nothing', '\n', 'must have the columns'],
    ['with a quote that is not closed', `${header}\n"Thistlewood`, 'line 2 has a quote'],
    ['with a quote within a cell', `${header}\nThistle"wood",`, 'line 2 has a quote'],
    ['of too many lines', `${header}\n${`${row}\n`.repeat(mostLines + 1)}`, `at most ${String(mostLines)}`],
  ])('%s, and nothing of what it holds is said', (_, csv, rule) => {
    const said = wrongWith(csv)
    expect(said).toContain('INVALID_REQUEST')
    expect(said).toContain(rule)
    expect(said).not.toMatch(/Thistle/)
  })
  test('not for as many as may be', () => expect(referralsIn(`${header}\n${`${row}\n`.repeat(mostLines)}`)).toHaveLength(mostLines))
})
