import { MalformedEventStoreUrl, parseEventStoreUrl } from './url.js'

const refusal = (url: string): string => {
  try {
    parseEventStoreUrl(url)
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedEventStoreUrl)
    return (error as Error).message
  }
  throw new Error('it was taken')
}

describe('EVENTSTOREDB_URL is taken', () => {
  test.each([
    [
      'one node on its usual port',
      'esdb://db',
      { discovers: false, hosts: [{ host: 'db', port: 2113 }], hasCredentials: false, tls: true },
    ],
    [
      'a cluster',
      'esdb://a:1,b:2,c:3?nodePreference=leader',
      {
        hosts: [
          { host: 'a', port: 1 },
          { host: 'b', port: 2 },
          { host: 'c', port: 3 },
        ],
        tls: true,
      },
    ],
    [
      'with credentials, percent-encoded',
      'esdb+discover://ops:p%40ss%3Aw%2Frd@db:2113/?tls=false',
      { discovers: true, hasCredentials: true, tls: false, hosts: [{ host: 'db', port: 2113 }] },
    ],
    [
      'names in any case, with hyphens and underscores, as the client takes them',
      'esdb://db?TLS=false&keep-alive_interval=-1&Node_Preference=readOnlyReplica',
      { tls: false },
    ],
    ['discovery by the one name that the client takes as written only', 'esdb://db?dnsDiscover=true', { discovers: true }],
  ])('%s', (_, url, read) => {
    expect(parseEventStoreUrl(url)).toMatchObject(read)
  })
})

describe('EVENTSTOREDB_URL is refused, with what is wrong and what would be right', () => {
  test.each([
    ['an unknown parameter, with the nearest', 'esdb://db?tsl=false', 'tsl is no parameter of EVENTSTOREDB_URL; did you mean tls?'],
    [
      'one that nothing is near to, with all there are',
      'esdb://db?heartbeat=1',
      /^heartbeat is no parameter of EVENTSTOREDB_URL; there are tls, tlsVerifyCert, .*keepAliveTimeout/,
    ],
    [
      'a name in the wrong case where the client minds',
      'esdb://db?dnsdiscover=true',
      'dnsdiscover is no parameter of EVENTSTOREDB_URL; did you mean dnsDiscover?',
    ],
    ['what is neither true nor false', 'esdb://db?tls=flase', 'tls in EVENTSTOREDB_URL is true or false, not what stands there'],
    ['True, which the client does not take', 'esdb://db?tls=True', /^tls in/],
    [
      'a number with a unit, of which the client reads the number',
      'esdb://db?defaultDeadline=10s',
      /^defaultDeadline in EVENTSTOREDB_URL is a whole number, 1 or more/,
    ],
    [
      'a preference that is none',
      'esdb://db?nodePreference=master',
      /^nodePreference in EVENTSTOREDB_URL is leader, follower, read_only_replica, random/,
    ],
    ['a parameter twice, of which the client takes the last', 'esdb://db?tls=true&t_l_s=false', 'EVENTSTOREDB_URL says tls twice'],
    ['a parameter without a value', 'esdb://db?tls', /name=value/],
    ['nothing behind the ampersand', 'esdb://db?tls=true&', /parameter/],
    ['half of a user’s certificate', 'esdb://db?userCertFile=a.pem', /together/],
    ['no host', 'esdb://?tls=false', /at least one host/],
    ['a host between two commas', 'esdb://a,,b', /between two commas/],
    ['a port that is none', 'esdb://db:21l3', /port/],
    ['a port too high', 'esdb://db:70000', /port/],
    ['an IPv6 address', 'esdb://[::1]:2113', /IPv6/],
    ['a path', 'esdb://db:2113/tls=false', /no path/],
    ['another protocol', 'http://db:2113', /begins with esdb:\/\//],
    ['space in a host', 'esdb://d b', /letters/],
  ])('%s', (_, url, why) => {
    const said = refusal(url)
    if (typeof why === 'string') expect(said).toBe(why)
    else expect(said).toMatch(why)
  })
  test.each([
    'esdb://ops:hush:hush@db',
    'esdb://ops:hu@sh@db',
    'esdb://ops:hu?sh@db',
    'esdb://ops:hu/sh@db?tls=false',
    'esdb://ops:hush%@db',
    'esdb://ops:hu?sh&hush=1@db',
    'esdb://hush@db',
  ])('a password that is not encoded, which the client would cut short, is not said: %s', url => {
    expect(refusal(url)).toMatch(/%40|user:password@/)
    expect(refusal(url)).not.toContain('hush')
  })
  test('nor is a value, nor a name that is none', () => {
    for (const url of ['esdb://db?tls=hush', 'esdb://db?hush1=x', 'esdb://db?a=b?hush=1', 'esdb://db:hush'])
      expect(refusal(url)).not.toContain('hush')
  })
})
