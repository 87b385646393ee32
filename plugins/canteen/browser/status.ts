/** What the page says about what waits. */
import type { Waiting } from './queue.ts'
import { text } from './texts.ts'

type Way = 'offline' | 'online' | 'login'

/** Says how much waits, and why. */
export function showStatus(way: Way, count: number): void {
  const place = document.getElementById('pointage-etat')
  if (place === null) return
  place.hidden = false
  place.className = `la-notice la-notice-${way === 'online' ? (count === 0 ? 'success' : 'info') : 'warning'}`
  place.dataset['attente'] = String(count)
  const n = String(count)
  const said = way === 'login' ? text('login', { n }) : count === 0 ? text(`${way}.none`) : count === 1 ? text(`${way}.one`) : text(`${way}.many`, { n })
  // A screen reader is told what is new, not the same again.
  if (place.textContent !== said) place.textContent = said
}

/** Something to be read before it goes: a conflict, a refusal. */
export function tell(said: string, understood?: () => void): void {
  const list = document.getElementById('pointage-refus')
  if (list === null) return
  const item = document.createElement('li')
  item.className = 'la-notice la-notice-warning'
  item.setAttribute('role', 'status')
  const words = document.createElement('p')
  words.textContent = said
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'la-button la-button-small'
  button.textContent = text('understood')
  button.addEventListener('click', () => {
    item.remove()
    list.hidden = list.childElementCount === 0
    understood?.()
  })
  item.append(words, button)
  list.append(item)
  list.hidden = false
}

/** Offers to send what somebody else recorded on this device. */
export function offerOthers(entries: readonly Waiting[], send: () => void): void {
  const known = document.getElementById('pointage-tiers')
  if (entries.length === 0) {
    known?.remove()
    return
  }
  const item = known ?? document.createElement('div')
  item.id = 'pointage-tiers'
  item.className = 'la-notice la-notice-warning'
  const words = document.createElement('p')
  words.textContent = text('others', { n: String(entries.length) })
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'la-button'
  button.textContent = text('sendOthers')
  button.addEventListener('click', send)
  item.replaceChildren(words, button)
  document.getElementById('pointage-etat')?.after(item)
}
