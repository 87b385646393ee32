/** Most domains that are tried after a name, as glibc had it for long. */
const MOST_DOMAINS = 6

/** The names that are asked for one after the other for a host, as resolv.conf(5) has it: short names are completed by the domains to search first, others last. Pure. */
export function namesToAsk(host: string, resolvConf: string): readonly string[] {
  let domains: readonly string[] = []
  let dots = 1
  for (const line of resolvConf.split('\n')) {
    const [keyword, ...values] = line.replace(/[#;].*$/, '').trim().split(/\s+/)
    if (keyword === 'search') domains = values
    else if (keyword === 'domain') domains = values.slice(0, 1)
    else if (keyword === 'options') {
      const [, number] = values.map((value) => /^ndots:(\d{1,2})$/.exec(value)).findLast((found) => found !== null) ?? []
      if (number !== undefined) dots = Math.min(15, Number(number))
    }
  }
  const completed = domains.map((domain) => domain.replace(/\.$/, '')).filter((domain) => domain !== '').slice(0, MOST_DOMAINS).map((domain) => `${host}.${domain}`)
  return host.split('.').length > dots ? [host, ...completed] : [...completed, host]
}
