import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Database from 'better-sqlite3'

/** A server that shows a family's week, a day's list, and books, with plain statements and pages put together as text: nobody is asked who they are, no rule is looked at but the places. */
export async function bareDay(file: string, children: readonly string[], households: readonly string[], day: string): Promise<{ readonly port: number; readonly close: () => Promise<void> }> {
  for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true })
  const db = new Database(file)
  db.pragma('journal_mode = wal')
  db.pragma('synchronous = full')
  db.exec(`create table child (id text primary key, household_id text not null, name text not null); create index child_household on child (household_id);
    create table booking (id text primary key, child_id text not null, unit_id text not null, day text not null, state text not null, unique (child_id, unit_id, day)); create index booking_day on booking (unit_id, day);
    create table booking_log (id text primary key, booking_id text not null, action text not null)`)
  const each = Math.ceil(children.length / households.length)
  db.transaction(() => {
    for (const [index, id] of children.entries()) {
      db.prepare('insert into child values (?, ?, ?)').run(id, households[Math.floor(index / each)], `Lina ${id}`)
      db.prepare('insert into booking values (?, ?, ?, ?, ?)').run(`${id} ${day}`, id, 'repas', day, 'booked')
    }
  })()
  const own = db.prepare('select id, name from child where household_id = ?')
  const week = db.prepare('select day, unit_id, state from booking where child_id = ? and day between ? and ?')
  const list = db.prepare('select child.id, name, state from booking join child on child.id = child_id where unit_id = ? and day = ? order by name')
  const taken = db.prepare("select count(*) as taken from booking where unit_id = ? and day = ? and state = 'booked'")
  const [add, log] = [db.prepare('insert into booking values (?, ?, ?, ?, ?)'), db.prepare('insert into booking_log values (?, ?, ?)')]
  const book = db.transaction((child: string, on: string) => {
    const { taken: count } = taken.get('repas', on) as { readonly taken: number }
    const id = `${child} ${on}`
    add.run(id, child, 'repas', on, count < 290 ? 'booked' : 'waiting')
    log.run(`log ${id}`, id, 'booked')
  })
  const page = (body: string): string => `<!doctype html><html lang="fr"><meta charset="utf-8"><title>Cantine</title><body><h1>Cantine</h1>${body}</body></html>`
  const server = createServer((request, response) => {
    const [, kind, id = '', on = ''] = (request.url ?? '').split('/')
    response.setHeader('content-type', 'text/html; charset=utf-8')
    if (kind === 'book') {
      book.immediate(id, on)
      response.end(page('<p>Enregistré</p>'))
    } else if (kind === 'list') {
      const rows = list.all('repas', day) as readonly { readonly id: string; readonly name: string; readonly state: string }[]
      response.end(page(`<ul>${rows.map(({ id: child, name, state }) => `<li>${name} <button name="enfant" value="${child}">${state}</button></li>`).join('')}</ul>`))
    } else {
      const tables = (own.all(id) as readonly { readonly id: string; readonly name: string }[]).map(({ id: child, name }) => {
        const booked = new Set((week.all(child, day, `${day.slice(0, 8)}99`) as readonly { readonly day: string; readonly unit_id: string }[]).map((row) => `${row.unit_id}|${row.day}`))
        const rows = ['repas', 'matin', 'soir', 'mercredi'].map((unit) => `<tr><th>${unit}</th>${[0, 1, 2, 3, 4].map((column) => `<td><input type="checkbox" name="jour" value="${child}|${unit}|${column}"${booked.has(`${unit}|${day}`) && column === 0 ? ' checked' : ''}></td>`).join('')}</tr>`)
        return `<table><caption>${name}</caption>${rows.join('')}</table>`
      })
      response.end(page(`<form method="post">${tables.join('')}<button>Enregistrer</button></form>`))
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
      db.close()
    },
  }
}
