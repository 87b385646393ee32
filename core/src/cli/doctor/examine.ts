import type { Config } from '../../config.ts'
import { failureOf } from '../failure.ts'
import { unsupportedNode } from '../../node-version.ts'
import { configOf, type Surroundings } from '../surroundings.ts'
import { examineDatabase } from './database.ts'
import { examineFolder } from './data-folder.ts'
import { examineFiles } from './files.ts'
import type { Finding } from './finding.ts'
import { examineGroups } from './groups.ts'
import { examineHalts } from './halts.ts'
import { examineMail } from './mail.ts'
import { examineNetwork } from './network.ts'
import { examineNodes } from './nodes.ts'
import { examinePlugins } from './plugins.ts'
import { examinePostgres } from './postgres.ts'
import { examineReleases } from './releases.ts'
import { examineWalls } from './walls.ts'

/** Examines all that a platform stands on. Every check has its turn, whatever the others found. */
export async function examine(surroundings: Surroundings): Promise<readonly Finding[]> {
  const checks: readonly ((config: Config) => Promise<readonly Finding[]> | readonly Finding[])[] = [
    examineFolder, (config) => (config.databaseUrl === undefined ? examineDatabase(config) : examinePostgres(config)), () => examinePlugins(surroundings), examineReleases, examineFiles, examineNetwork, examineMail, examineNodes, examineHalts, examineWalls, (config) => examineGroups(surroundings, config),
  ]
  const findings: Finding[] = [examineNode(process.versions.node)]
  let config: Config
  try {
    config = configOf(surroundings)
  } catch (error) {
    const { message, fix } = failureOf(error)
    return [...findings, { id: 'configuration', status: 'broken', what: message, fix }]
  }
  findings.push({ id: 'configuration', status: 'ok', what: `data in ${config.dataFolder}` })
  for (const check of checks) {
    try {
      findings.push(...await check(config))
    } catch (error) {
      const { message, fix } = failureOf(error)
      findings.push({ id: 'doctor', status: 'broken', what: message, fix })
    }
  }
  return findings
}

function examineNode(version: string): Finding {
  const wrong = unsupportedNode(version)
  return wrong === undefined ? { id: 'node', status: 'ok', what: `Node.js ${version}` } : { id: 'node', status: 'broken', what: wrong.message, fix: wrong.fix }
}
