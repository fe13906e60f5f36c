import { type Answer, openDoors } from '../support/doors.js'

let doors: Awaited<ReturnType<typeof openDoors>>
beforeAll(async () => {
  doors = await openDoors()
})
afterAll(() => doors.close())

const header = 'source,channel,serviceArea,receivedAt,serviceWish,name,dateOfBirth,nhsNumber,phone'
const line = (name: string, { source = 'STARS', born = '', nhsNumber = '', phone = '' } = {}) =>
  `${source},EMAIL,GATESHEAD,2026-11-20T10:00:00Z,YES,${name},${born},${nhsNumber},${phone}`
const send = (key: string, lines: readonly string[], more: object = {}) =>
  doors.tell('back-office', 'referral-imports', { csv: [header, ...lines].join('\n'), ...more }, { key })
type Line = { readonly line: number; readonly state: string; readonly subjectRef?: string; readonly code?: string }
const linesOf = ({ body }: Answer) => body['lines'] as readonly Line[]
const told = (answer: Answer) => linesOf(answer).map(({ line: n, state, code }) => [n, state, ...(code === undefined ? [] : [code])])
const refsOf = (answer: Answer) => linesOf(answer).map(({ subjectRef }) => subjectRef)
async function nameOf(subjectRef: string | undefined) {
  await doors.shown()
  const { body } = await doors.read('back-office', `subjects/${String(subjectRef)}/case?purpose=REFERRAL_INTAKE`)
  return (body['fields'] as Answer['body'])['ID.name']
}
async function howMany() {
  await doors.shown()
  return ((await doors.read('back-office', 'referrals?limit=200')).body['items'] as readonly unknown[]).length
}

describe('[C10] of a file with referrals', () => {
  test('the good lines are taken, and of each other one is said which rule it breaks, without a value', async () => {
    const before = await howMany()
    const answer = await send('mixed', [
      line('Odalys Brandt'),
      line('Thistlewood One', { source: 'GP-THISTLE' }),
      line('Thistlewood Two', { born: 'Thistle-1987' }),
      line('Thistlewood Three', { nhsNumber: '1234567890' }),
      'Thistlewood Four',
      line('Ferdinand Oakes', { nhsNumber: '9990000018' }),
      line('Thistlewood Five', { nhsNumber: '999 000 0018' }),
    ])
    expect(told(answer)).toEqual([
      [2, 'TAKEN'],
      [3, 'REFUSED', 'SOURCE_NOT_PERMITTED'],
      [4, 'REFUSED', 'INVALID_REQUEST'],
      [5, 'REFUSED', 'NHS_NUMBER_INVALID'],
      [6, 'REFUSED', 'INVALID_REQUEST'],
      [7, 'TAKEN'],
      [8, 'REFUSED', 'DUPLICATE_REFERRAL'],
    ])
    expect(answer.body).toMatchObject({ taken: 2, refused: 5 })
    expect(linesOf(answer)[2]).toMatchObject({ errors: [{ field: 'dateOfBirth' }] })
    expect(linesOf(answer)[3]).toMatchObject({ errors: [{ field: 'nhsNumber' }] })
    expect(JSON.stringify(answer.body)).not.toMatch(/Thistle|1987|1234567890|9990000018/)
    expect(await howMany()).toBe(before + 2)
    expect(await nameOf(refsOf(answer)[0])).toBe('Odalys Brandt')
  })
  test('nothing is taken of one that is none', async () => {
    const before = await howMany()
    const wrong = await doors.tell('back-office', 'referral-imports', { csv: `${header}\n${line('Odalys Brandt')}\n"` })
    expect([wrong.status, wrong.body['code'], wrong.body['field']]).toEqual([400, 'INVALID_REQUEST', 'csv'])
    expect(await howMany()).toBe(before)
  })
  test('a cell is text, whatever a spreadsheet would make of it', async () => {
    const [one] = refsOf(await send('formulas', [line('"=HYPERLINK(""x"")"', { phone: '+44 7700 900142' })]))
    expect(await nameOf(one)).toBe('=HYPERLINK("x")')
  })
})

describe('[C10] the same file again', () => {
  const mistaken = line('Imelda Quill', { source: 'GP' })
  test('makes nobody twice, and takes a line that was corrected meanwhile', async () => {
    const lines = [line('Barnaby Sloane'), mistaken, line('Cressida Vane')]
    const first = await send('resumed', lines)
    const before = await howMany()
    expect(await send('resumed', lines)).toMatchObject({ status: 200, body: first.body })
    expect(await howMany()).toBe(before)
    const corrected = await send('resumed', [line('Barnaby Sloane'), line('Imelda Quill'), line('Cressida Vane')])
    expect(told(corrected)).toEqual([2, 3, 4].map(n => [n, 'TAKEN']))
    expect([refsOf(corrected)[0], refsOf(corrected)[2]]).toEqual([refsOf(first)[0], refsOf(first)[2]])
    expect(await howMany()).toBe(before + 1)
  })
  test('takes a line that was taken for nobody else', async () => {
    const first = await send('moved', [line('Dorian Petch')])
    for (let n = 0; n < 2; n++)
      expect(told(await send('moved', [line('Euphemia Strand')]))).toEqual([[2, 'REFUSED', 'IDEMPOTENCY_KEY_REUSED']])
    expect(refsOf(await send('moved', [line('Dorian Petch')]))).toEqual(refsOf(first))
  })
  test('goes on from a line, and that is still the same', async () => {
    const lines = [line('Gideon Marsh'), line('Hesper Lowe')]
    const rest = await send('from', lines, { fromLine: 3 })
    expect(told(rest)).toEqual([[3, 'TAKEN']])
    expect(refsOf(await send('from', lines))[1]).toBe(refsOf(rest)[0])
  })
  test('of whom there is more than a name, is known also under another key', async () => {
    const lines = [line('Ottoline Frost', { born: '1987-04-03' })]
    await send('one', lines)
    expect(told(await send('another', lines))).toEqual([[2, 'REFUSED', 'DUPLICATE_REFERRAL']])
  })
})
