import { Counter, Gauge, Histogram, type MetricObjectWithValues, type MetricValueWithName, Registry } from 'prom-client'

const BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const

const DURATION = 'liberacces_http_request_duration_seconds'
const DURATION_HELP = 'Time from the request to the end of its answer, in seconds.'
const CALLS = 'liberacces_plugin_call_duration_seconds'
const CALLS_HELP = 'Time that calls into plugin code took, in seconds: routes, tiles, services, handlers of events, schedules.'

/** How long something took, in plain counts: cheap enough for every request, turned into metrics when somebody asks. */
class DurationCounts {
  readonly buckets: number[] = BUCKETS_SECONDS.map(() => 0)
  seconds = 0
  count = 0

  take(seconds: number): void {
    this.seconds += seconds
    this.count += 1
    for (let index = BUCKETS_SECONDS.length - 1; index >= 0 && seconds <= (BUCKETS_SECONDS[index] ?? 0); index--) this.buckets[index] = (this.buckets[index] ?? 0) + 1
  }
}

/** Plain counts of one plugin's requests. */
export class RequestCounts extends DurationCounts {
  readonly byStatus = new Map<number, number>()

  add(status: number, seconds: number): void {
    this.byStatus.set(status, (this.byStatus.get(status) ?? 0) + 1)
    this.take(seconds)
  }
}

/** The platform's metrics, in a registry of its own. */
export class HttpMetrics {
  readonly registry = new Registry()
  readonly #counts = new Map<string, RequestCounts>()
  readonly #calls = new Map<string, DurationCounts>()
  readonly #failures = new Map<string, number>()
  readonly #counted = new WeakSet<object>()

  /** @param inFlight - requests under way now */
  constructor(inFlight: () => number) {
    const counts = this.#counts
    const failures = this.#failures
    const registers = [this.registry]
    void new Counter({
      name: 'liberacces_http_requests_total', help: 'Answered requests, by plugin ("kernel" for the platform itself) and status.', labelNames: ['plugin', 'status'] as const, registers,
      collect() {
        this.reset()
        for (const [plugin, { byStatus }] of counts) for (const [status, count] of byStatus) this.inc({ plugin, status: String(status) }, count)
      },
    })
    void new Counter({
      name: 'liberacces_plugin_failures_total', help: 'Calls into plugin code that failed, by error code.', labelNames: ['plugin', 'code'] as const, registers,
      collect() {
        this.reset()
        for (const [key, count] of failures) {
          const [plugin = '', code = ''] = key.split(' ')
          this.inc({ plugin, code }, count)
        }
      },
    })
    void new Gauge({ name: 'liberacces_http_requests_in_flight', help: 'Requests under way.', registers, collect() { this.set(inFlight()) } })
    void new Gauge({ name: 'process_resident_memory_bytes', help: 'Resident memory size in bytes.', registers, collect() { this.set(process.memoryUsage.rss()) } })
    this.registry.registerMetric(new DurationHistogram(DURATION, DURATION_HELP, counts))
    this.registry.registerMetric(new DurationHistogram(CALLS, CALLS_HELP, this.#calls))
  }

  /** The counts of a plugin, or of `kernel`. Look them up once, not per request. */
  of(plugin: string): RequestCounts {
    let counts = this.#counts.get(plugin)
    if (counts === undefined) this.#counts.set(plugin, (counts = new RequestCounts()))
    return counts
  }

  /** A call into a plugin's code has ended: a route, a tile, a service, an event's handler, a schedule. */
  called(plugin: string, seconds: number): void {
    let counts = this.#calls.get(plugin)
    if (counts === undefined) this.#calls.set(plugin, (counts = new DurationCounts()))
    counts.take(seconds)
  }

  /**
   * A plugin failed. The same error coming by again, through another plugin that called this one or on its way out, is no other failure.
   * @param error - what was thrown
   */
  failed(plugin: string, code: string, error: unknown): void {
    if (typeof error === 'object' && error !== null) {
      if (this.#counted.has(error)) return
      this.#counted.add(error)
    }
    const key = `${plugin} ${code}`
    this.#failures.set(key, (this.#failures.get(key) ?? 0) + 1)
  }
}

/** A histogram read from the plain counts: observing one for each request would hash its labels each time. */
class DurationHistogram extends Histogram<'plugin'> {
  readonly #name: string
  readonly #help: string
  readonly #counts: ReadonlyMap<string, DurationCounts>

  constructor(name: string, help: string, counts: ReadonlyMap<string, DurationCounts>) {
    super({ name, help, labelNames: ['plugin'] as const, registers: [] })
    this.#name = name
    this.#help = help
    this.#counts = counts
  }

  /** What the registry asks for its text. */
  async getForPromString(): Promise<unknown> {
    return this.get()
  }

  override async get(): Promise<MetricObjectWithValues<MetricValueWithName<'plugin'>>> {
    const name = this.#name
    const values = [...this.#counts].flatMap(([plugin, { buckets, seconds, count }]) => [
      ...BUCKETS_SECONDS.map((le, index) => ({ metricName: `${name}_bucket`, labels: { plugin, le }, value: buckets[index] ?? 0 })),
      { metricName: `${name}_bucket`, labels: { plugin, le: '+Inf' }, value: count },
      { metricName: `${name}_sum`, labels: { plugin }, value: seconds },
      { metricName: `${name}_count`, labels: { plugin }, value: count },
    ])
    return { name, help: this.#help, type: 'histogram', aggregator: 'sum', values } as unknown as MetricObjectWithValues<MetricValueWithName<'plugin'>>
  }
}
