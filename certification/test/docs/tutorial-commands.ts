/** A step of a tutorial, in its order. */
export type TutorialStep =
  /** What a reader types into a terminal. */
  | { readonly kind: 'commands'; readonly text: string }
  /** What a reader changes in a file. */
  | { readonly kind: 'edit'; readonly path: string; readonly before: string; readonly after: string }

/** The steps of a page: its blocks of `sh`, and those of `diff` that say a path. */
export function tutorialSteps(markdown: string): readonly TutorialStep[] {
  return [...markdown.matchAll(/^```(sh|diff)(?: title="([^"]+)")?\n([\s\S]*?)^```$/gm)].map(([, language, path = '', text = '']) => {
    if (language === 'sh') return { kind: 'commands', text }
    const lines = (sign: string): string => text.split('\n').filter((line) => line.startsWith(sign)).map((line) => line.slice(1)).join('\n')
    return { kind: 'edit', path, before: lines('-'), after: lines('+') }
  })
}
