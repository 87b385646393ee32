// What is run within pages: each function stands alone, knowing nothing but the page and its argument.
import type { RuleSpot, Spot } from './seen-screen.ts'

/** Where the plugin's part of a page is: the platform's own frame around it is not its doing. */
export type PartOfPage = 'main' | 'body'

interface AxeNode { readonly html: string; readonly target: readonly unknown[]; readonly failureSummary?: string }
interface AxeRule { readonly id: string; readonly help: string; readonly tags: readonly string[]; readonly nodes: readonly AxeNode[] }
interface Axe { run(root: object, options: object): Promise<{ readonly violations: readonly AxeRule[]; readonly incomplete: readonly AxeRule[] }> }

/** Runs the rules of axe on the whole page, and keeps what is within the plugin's part. */
export async function runRules({ tags, part }: { readonly tags: readonly string[]; readonly part: PartOfPage }): Promise<{ readonly violations: RuleSpot[]; readonly undecided: RuleSpot[] }> {
  const { axe } = globalThis as unknown as { readonly axe: Axe }
  const { violations, incomplete } = await axe.run(globalThis.document, { runOnly: tags, resultTypes: ['violations', 'incomplete'] })
  const within = globalThis.document.querySelector(part)
  const spots = (rules: readonly AxeRule[]): RuleSpot[] => rules.flatMap(({ id, help, tags: own, nodes }) => nodes.flatMap((node) => {
    const selector = node.target.at(-1)
    const element = typeof selector === 'string' ? globalThis.document.querySelector(selector) : null
    const isOurs = element !== null && (within?.contains(element) === true) && element !== within
    return isOurs ? [{ rule: id, what: help, html: node.html.slice(0, 200), criteria: own.filter((tag) => tag.startsWith('RGAA-')) }] : []
  }))
  return { violations: spots(violations), undecided: spots(incomplete) }
}

/** Numbers what can be used by hand in the plugin's part, and notes how each looks while it has not the focus. @returns how often the Tab key stops on the page, at most */
export function numberControls(part: PartOfPage): number {
  const wanted = 'a[href],button,input:not([type=hidden]),select,textarea,summary,[role=button],[role=link],[role=checkbox],[role=switch],[role=radio],[role=tab],[role=menuitem],[role=option],[contenteditable=true],[tabindex]'
  const isSeen = (element: Element): boolean => element.checkVisibility({ visibilityProperty: true }) && !(element as HTMLButtonElement).disabled && element.closest('[aria-hidden=true]') === null
  const controls = [...globalThis.document.querySelectorAll(`${part} :is(${wanted})`)].filter((element) => isSeen(element))
  const look = (element: Element): string => {
    const { outlineStyle, outlineWidth, outlineColor, boxShadow, backgroundColor, borderColor, color, textDecorationLine } = globalThis.getComputedStyle(element)
    return [outlineStyle === 'none' ? 'none' : `${outlineStyle} ${outlineWidth} ${outlineColor}`, boxShadow, backgroundColor, borderColor, color, textDecorationLine].join('|')
  }
  const kept = { controls, looks: controls.map((element) => look(element)), look }
  ;(globalThis as unknown as { certification: typeof kept }).certification = kept
  ;(globalThis.document.activeElement as HTMLElement | null)?.blur()
  globalThis.document.querySelector<HTMLElement>(part)?.scrollTo(0, 0)
  // Within a field of dates or times the Tab key stops at each part, and at the picker.
  const parts = globalThis.document.querySelectorAll('input:is([type=date],[type=time],[type=datetime-local],[type=month],[type=week])').length * 7
  return parts + globalThis.document.querySelectorAll('a[href],button,input:not([type=hidden]),select,textarea,summary,[tabindex]').length
}

/** Where the focus is: the number of the control, whether it can be seen there, and whether it is nowhere. */
export function focusNow(): { readonly control: number; readonly isSeen: boolean; readonly isNowhere: boolean } {
  const { controls, looks, look } = (globalThis as unknown as { readonly certification: { readonly controls: readonly Element[]; readonly looks: readonly string[]; readonly look: (element: Element) => string } }).certification
  const active = globalThis.document.activeElement
  const control = active === null ? -1 : controls.indexOf(active)
  const box = active?.closest('label, .la-card, li, tr') ?? active
  return { control, isSeen: control < 0 || active === null || look(active) !== looks[control] || (box !== null && box.matches(':focus-within') && globalThis.getComputedStyle(box).outlineStyle !== 'none'), isNowhere: active === null || active === globalThis.document.body }
}

/** What of the controls was not reached; one of those that are moved among by arrow keys is enough. @param reached - numbers in the order in which the focus came to them */
export function missedControls(reached: readonly number[]): Spot[] {
  const { controls } = (globalThis as unknown as { readonly certification: { readonly controls: readonly Element[] } }).certification
  const had = new Set(reached)
  const groupOf = (element: Element): string | undefined => {
    if (element instanceof HTMLInputElement && element.type === 'radio') return `radio ${element.form?.action ?? ''} ${element.name}`
    const role = element.getAttribute('role') ?? ''
    return ['radio', 'tab', 'menuitem', 'option'].includes(role) ? role : undefined
  }
  const groups = new Set(controls.flatMap((element, index) => (had.has(index) ? [groupOf(element)] : [])))
  return controls.flatMap((element, index): Spot[] => {
    const group = groupOf(element)
    // What takes the focus by a script or a link, such as a heading, need not be among those of the Tab key.
    const isTarget = element.getAttribute('tabindex') === '-1' && !element.matches('a,button,input,select,textarea,summary,[role=button],[role=link],[role=checkbox],[role=switch]')
    if (had.has(index) || isTarget || (group !== undefined && groups.has(group))) return []
    return [{ what: 'cannot be reached with the Tab key', html: element.outerHTML.slice(0, 200) }]
  })
}

/** What was reached before something that stands above it. */
export function strayOrder(reached: readonly number[]): Spot[] {
  const { controls } = (globalThis as unknown as { readonly certification: { readonly controls: readonly Element[] } }).certification
  const firsts = reached.filter((control, index) => reached.indexOf(control) === index)
  return firsts.flatMap((control, index) => {
    const before = firsts[index - 1]
    return before !== undefined && control < before ? [{ what: 'comes after what stands below it when one goes through with the Tab key', html: (controls[control]?.outerHTML ?? '').slice(0, 200) }] : []
  })
}

/** The control of a number. */
export function controlHtml(control: number): string {
  const { controls } = (globalThis as unknown as { readonly certification: { readonly controls: readonly Element[] } }).certification
  return (controls[control]?.outerHTML ?? '').slice(0, 200)
}

/** What is wider than the window and makes the page scroll sideways, the outermost alone; what scrolls within a frame of its own does not. */
export function tooWide(part: PartOfPage): Spot[] {
  const { documentElement } = globalThis.document
  if (documentElement.scrollWidth <= documentElement.clientWidth) return []
  const limit = documentElement.clientWidth + 1
  const isFramed = (element: Element): boolean => {
    for (let above = element.parentElement; above !== null; above = above.parentElement) if (['auto', 'scroll', 'hidden', 'clip'].includes(globalThis.getComputedStyle(above).overflowX) && above.getBoundingClientRect().right <= limit) return true
    return false
  }
  const wide = [...globalThis.document.querySelectorAll(`${part} *`)].filter((element) => element.getBoundingClientRect().right > limit && !isFramed(element))
  const outermost = wide.filter((element) => !wide.some((other) => other !== element && other.contains(element) && other.getBoundingClientRect().width >= element.getBoundingClientRect().width))
  return outermost.map((element) => ({ what: `reaches ${Math.round(element.getBoundingClientRect().right)} pixels where there are ${documentElement.clientWidth}`, html: element.outerHTML.slice(0, 200) })).slice(0, 5)
}

/** Sets the size of the page's text, in hundredths of the usual. */
export function sizeText(percent: number): void {
  globalThis.document.documentElement.style.fontSize = percent === 100 ? '' : `${percent}%`
}

/** Makes every text longer by four tenths, with accents above and below the line, as translations are. */
export function stretchTexts(part: PartOfPage): void {
  const root = globalThis.document.querySelector(part)
  if (root === null) return
  const longer = (text: string): string => {
    const extra = Math.ceil(text.trim().length * 0.4)
    return extra === 0 ? text : text.replace(/\S(?=\s*$)/, (last) => `${last} ${'Éçǧ ûÿ'.repeat(Math.ceil(extra / 6)).slice(0, extra)}`)
  }
  const walker = globalThis.document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  const texts: Text[] = []
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) if (!['TEXTAREA', 'OPTION', 'SCRIPT', 'STYLE', 'TIME'].includes(node.parentElement?.tagName ?? '')) texts.push(node as Text)
  for (const text of texts) text.data = longer(text.data)
}

/** Texts of which a part is cut off. What is there for screen readers alone is not. */
export function cutTexts(part: PartOfPage): Spot[] {
  return [...globalThis.document.querySelectorAll(`${part} *`)].flatMap((element): Spot[] => {
    const style = globalThis.getComputedStyle(element)
    const box = element.getBoundingClientRect()
    if (box.width <= 2 || box.height <= 2 || style.clipPath !== 'none') return []
    const hasText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && (node.textContent ?? '').trim() !== '')
    if (!hasText) return []
    const [isCutX, isCutY] = [style.overflowX, style.overflowY].map((overflow) => overflow === 'hidden' || overflow === 'clip')
    const isCut = (isCutX === true && element.scrollWidth > element.clientWidth + 1) || (isCutY === true && element.scrollHeight > element.clientHeight + 1)
    return isCut ? [{ what: 'is cut off', html: element.outerHTML.slice(0, 200) }] : []
  }).slice(0, 5)
}

/** What is being animated. */
export function movingNow(part: PartOfPage): Spot[] {
  return globalThis.document.getAnimations().flatMap((animation): Spot[] => {
    const element = (animation.effect as KeyframeEffect | null)?.target
    const { duration = 0, iterations = 1 } = animation.effect?.getComputedTiming() ?? {}
    // A change of colour of a hundredth of a second moves nothing.
    const isLong = typeof duration === 'number' && duration * Number(iterations) > 50
    return element !== null && element !== undefined && isLong && animation.playState === 'running' && globalThis.document.querySelector(part)?.contains(element) === true ? [{ what: 'moves', html: element.outerHTML.slice(0, 200) }] : []
  })
}

/** Styles that are not the platform's: they change more than what they stand on. */
export function ownStyles(part: PartOfPage): Spot[] {
  const styled = [...globalThis.document.querySelectorAll(`${part} style, ${part} [style], link[rel~=stylesheet]`)]
  const isPlatforms = (element: Element): boolean => element instanceof HTMLLinkElement && new URL(element.href).origin === globalThis.location.origin && !new URL(element.href).pathname.startsWith('/apps/')
  return styled.filter((element) => !isPlatforms(element))
    .map((element) => ({ what: element.matches('[style]') ? 'has a style of its own' : 'is a style sheet of its own', html: element.outerHTML.slice(0, 200) }))
}

/** Pictures for which no room is kept, and how much the page jumped while it came. */
export async function jumpsOf(part: PartOfPage): Promise<Spot[]> {
  const unsized = [...globalThis.document.querySelectorAll<HTMLImageElement>(`${part} img`)].filter((image) => {
    const { aspectRatio, height } = globalThis.getComputedStyle(image)
    return !(image.hasAttribute('width') && image.hasAttribute('height')) && aspectRatio === 'auto' && (height === 'auto' || !image.hasAttribute('height'))
  })
  const shifts = await new Promise<number>((resolve) => {
    let sum = 0
    const observer = new PerformanceObserver((list) => { for (const entry of list.getEntries() as (PerformanceEntry & { readonly value: number; readonly hadRecentInput: boolean })[]) if (!entry.hadRecentInput) sum += entry.value })
    observer.observe({ type: 'layout-shift', buffered: true })
    requestAnimationFrame(() => { requestAnimationFrame(() => { observer.disconnect(); resolve(sum) }) })
  })
  return [
    ...unsized.map((image) => ({ what: 'is a picture without width and height, so that no room is kept for it', html: image.outerHTML.slice(0, 200) })),
    ...(shifts > 0.1 ? [{ what: `jumps while it comes (cumulative layout shift ${shifts.toFixed(2)}, at most 0.1)`, html: '' }] : []),
  ]
}
