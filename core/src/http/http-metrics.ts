import { Counter, Gauge, Histogram, type MetricObjectWithValues, type MetricValueWithName, Registry } from 'prom-client'

const BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const

const DURATION = 'liberacces_http_request_duration_seconds'
const DURATION_HELP = 'Time from the request to the end of its answer, in seconds.'

/** Plain counts of one plugin's requests: cheap enough for every request, turned into metrics when somebody asks. */
export class RequestCounts {
  readonly byStatus = new Map<number, number>()
  readonly buckets: number[] = BUCKETS_SECONDS.map(() => 0)
  seconds = 0
  requests = 0

  add(status: number, seconds: number): void {
    this.byStatus.set(status, (this.byStatus.get(status) ?? 0) + 1)
    this.seconds += seconds
    this.requests += 1
    for (let index = BUCKETS_SECONDS.length - 1; index >= 0 && seconds <= (BUCKETS_SECONDS[index] ?? 0); index--) this.buckets[index] = (this.buckets[index] ?? 0) + 1
  }
}

/** The platform's metrics, in a registry of its own. */
export class HttpMetrics {
  readonly registry = new Registry()
  readonly #counts = new Map<string, RequestCounts>()
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
    this.registry.registerMetric(new DurationHistogram(counts))
  }

  /** The counts of a plugin, or of `kernel`. Look them up once, not per request. */
  of(plugin: string): RequestCounts {
    let counts = this.#counts.get(plugin)
    if (counts === undefined) this.#counts.set(plugin, (counts = new RequestCounts()))
    return counts
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
  readonly #counts: ReadonlyMap<string, RequestCounts>

  constructor(counts: ReadonlyMap<string, RequestCounts>) {
    super({ name: DURATION, help: DURATION_HELP, labelNames: ['plugin'] as const, registers: [] })
    this.#counts = counts
  }

  /** What the registry asks for its text. */
  async getForPromString(): Promise<unknown> {
    return this.get()
  }

  override async get(): Promise<MetricObjectWithValues<MetricValueWithName<'plugin'>>> {
    const values = [...this.#counts].flatMap(([plugin, { buckets, seconds, requests }]) => [
      ...BUCKETS_SECONDS.map((le, index) => ({ metricName: `${DURATION}_bucket`, labels: { plugin, le }, value: buckets[index] ?? 0 })),
      { metricName: `${DURATION}_bucket`, labels: { plugin, le: '+Inf' }, value: requests },
      { metricName: `${DURATION}_sum`, labels: { plugin }, value: seconds },
      { metricName: `${DURATION}_count`, labels: { plugin }, value: requests },
    ])
    return { name: DURATION, help: DURATION_HELP, type: 'histogram', aggregator: 'sum', values } as unknown as MetricObjectWithValues<MetricValueWithName<'plugin'>>
  }
}
