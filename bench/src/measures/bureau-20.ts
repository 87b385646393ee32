import { TILES } from '../fixtures/tiles-plugin.tsx'
import type { Measure } from '../measure.ts'
import type { Figure } from '../row.ts'
import { compare } from '../rounds.ts'
import { asAgent, startServers } from '../servers.ts'

/** The Bureau as an agent looks at it, beside a server that has its bytes ready: looked at again while nothing has changed, and made anew at each look. */
export const bureau20: Measure = {
  name: 'bureau-20',
  about: `the Bureau with ${TILES} tiles, and with those of the shipped plugins, beside bare fastify sending the same HTML`,
  async run(workshop) {
    const servers = await startServers(workshop)
    const figures: Figure[] = []
    for (const [name, commune, what] of [['tiles', servers.tiles, `${TILES} tiles`], ['shipped', servers.shipped, 'tiles of news and directory'], ['fresh', servers.freshTiles, `${TILES} tiles made at each look`]] as const) {
      const target = asAgent(servers, commune, '/bureau', 'cookie')
      const html = await pageOf(target)
      if (html.includes('<turbo-frame')) throw new Error('A tile missed its budget before there was any load.')
      await servers.bare.ask('page', { name, html })
      workshop.note(`the Bureau with ${what}`)
      const { ours, bare } = await compare(workshop, { program: servers.ours, target }, { program: servers.bare, target: { port: servers.barePort, path: `/pages/${name}`, headers: { host: 'localhost' } } })
      const label = `${what} (${(Buffer.byteLength(html) / 1000).toFixed(0)} kB)`
      // One look in many shows something new, and costs what the last row says.
      figures.push({ what: label, unit: 'pages/s', better: 'higher', ...(name === 'fresh' ? {} : { goal: { of: 'ratio', limit: 0.5 } as const }), ours: ours.map((round) => round.perSecond), bare: bare.map((round) => round.perSecond) })
      figures.push({ what: `${label}, CPU of the server`, unit: 'µs/page', better: 'lower', ours: ours.map((round) => round.cpu), bare: bare.map((round) => round.cpu) })
    }
    return figures
  },
}

async function pageOf({ port, path, headers }: ReturnType<typeof asAgent>): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const { get } = await import('node:http')
  get({ port, path, headers, host: '127.0.0.1' }, (response) => {
    let html = ''
    response.setEncoding('utf8').on('data', (part: string) => { html += part }).on('end', () => {
      if (response.statusCode === 200) resolve(html)
      else reject(new Error(`${path} answered ${response.statusCode}.`))
    })
  }).on('error', reject)
  return promise
}
