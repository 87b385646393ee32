import type { VNode } from '@liberacces/sdk/host'

/** Whether what a plugin answered is an element that can be rendered. */
export function isElement(answer: unknown): answer is VNode {
  return typeof answer === 'object' && answer !== null && 'type' in answer && 'props' in answer
}
