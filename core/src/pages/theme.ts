/** The platform's own accent colour, for tenants that chose none. */
export const DEFAULT_ACCENT = '#1f4e79'

/** Contrast that text must have against what is behind it (WCAG 2.2, 1.4.3). */
const TEXT_CONTRAST = 4.5
/** The page's darkest light background, against which coloured text is measured. */
const PAGE_BACKGROUND = '#eef1f4'
const HEX = /^#[0-9a-f]{6}$/i

/**
 * The style sheet `/theme.css` of a tenant. Whatever colour the tenant chose, text on it and text in it stay readable.
 * @param accent - `#rrggbb`; anything else is taken as {@link DEFAULT_ACCENT}
 */
export function themeCss(accent: string): string {
  const chosen = HEX.test(accent) ? accent : DEFAULT_ACCENT
  const strong = darkenUntil(chosen, (colour) => contrast(colour, PAGE_BACKGROUND) >= TEXT_CONTRAST)
  // Black or white is readable on any colour; a softer black is not, on those in the middle.
  const onAccent = contrast('#ffffff', chosen) >= TEXT_CONTRAST ? '#ffffff' : '#000000'
  return `:root{--la-accent:${chosen};--la-accent-strong:${strong};--la-on-accent:${onAccent}}\n`
}

/** Contrast of two colours, 1 to 21 (WCAG 2.2). */
export function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (light + 0.05) / (dark + 0.05)
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channels(colour).map((channel) => {
    const share = channel / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function channels(colour: string): readonly number[] {
  return [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16))
}

function darkenUntil(colour: string, enough: (colour: string) => boolean): string {
  for (let share = 1; share > 0; share -= 0.04) {
    const darker = `#${channels(colour).map((channel) => Math.round(channel * share).toString(16).padStart(2, '0')).join('')}`
    if (enough(darker)) return darker
  }
  return '#000000'
}
