import { performance } from 'node:perf_hooks'

/** What a process was at when it last said that it lives. */
export interface NodeWork {
  /** Requests that are being answered. */
  readonly requests: number
  /** Calls of plugins that are under way, whoever asked for them. */
  readonly calls: number
  /** Share of the time since it said so before in which its event loop was at work: 0 to 1. */
  readonly busy: number
  /** Memory of the process, in bytes. */
  readonly memoryBytes: number
  /** Releases that are loaded, as `id version`, in the order of their ids; the first {@link MOST_NAMED}. */
  readonly loaded: readonly string[]
  readonly loadedCount: number
}

/** Most releases that are named; the others are counted. */
const MOST_NAMED = 40

/** What is asked for it. */
export interface WorkSources {
  readonly requests: () => number
  readonly calls: () => number
  readonly loaded: () => readonly { readonly id: string; readonly version: string }[]
}

/** Makes what tells of this process's work: each time of the time since the last. */
export function workTeller({ requests, calls, loaded }: WorkSources): () => NodeWork {
  let before = performance.eventLoopUtilization()
  return () => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, before)
    before = now
    const names = loaded().map(({ id, version }) => `${id} ${version}`).toSorted()
    return { requests: requests(), calls: calls(), busy: Math.round(utilization * 1_000) / 1_000, memoryBytes: process.memoryUsage.rss(), loaded: names.slice(0, MOST_NAMED), loadedCount: names.length }
  }
}

/** What another process wrote; `undefined` where it is of a release that wrote none. */
export function readWork(text: string): NodeWork | undefined {
  const work = JSON.parse(text) as Partial<NodeWork>
  return work.loaded === undefined ? undefined : work as NodeWork
}
