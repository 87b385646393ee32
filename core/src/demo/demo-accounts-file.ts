import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { DemoAccount } from './demo-accounts.ts'
import { readJsonFile, writePrivateFile } from './private-file.ts'

/** Where the accounts of a demonstration are listed, once all of them exist. */
export function demoAccountsPath(dataFolder: string): string {
  return join(dataFolder, 'demo-accounts.json')
}

// Passwords are noted before their accounts are made, so that an interrupted start knows them; but under another name,
// because whoever finds the list itself may log in with all of it.
const unfinishedPath = (dataFolder: string): string => join(dataFolder, 'demo-accounts.unfinished.json')

/** Accounts of a demonstration that is complete; none when the file is gone. */
function readDemoAccounts(dataFolder: string): readonly DemoAccount[] {
  return (readJsonFile(demoAccountsPath(dataFolder)) as readonly DemoAccount[] | undefined) ?? []
}

/** Accounts that an interrupted start had decided on. */
export function readUnfinishedAccounts(dataFolder: string): readonly DemoAccount[] {
  return (readJsonFile(unfinishedPath(dataFolder)) as readonly DemoAccount[] | undefined) ?? readDemoAccounts(dataFolder)
}

/** Notes accounts that are about to be made. */
export function writeUnfinishedAccounts(dataFolder: string, accounts: readonly DemoAccount[]): void {
  writePrivateFile(unfinishedPath(dataFolder), textOf(accounts))
}

/** Lists the accounts for everyone who may read the file: its owner. */
export function writeDemoAccounts(dataFolder: string, accounts: readonly DemoAccount[]): void {
  writePrivateFile(demoAccountsPath(dataFolder), textOf(accounts))
  rmSync(unfinishedPath(dataFolder), { force: true })
}

/** Sets the addresses right where the server answers at another port or domain than when the list was written. */
export function refreshDemoAddresses(dataFolder: string, addressOf: (slug: string) => string): readonly DemoAccount[] {
  const accounts = readDemoAccounts(dataFolder)
  const fresh = accounts.map((account) => ({ ...account, url: addressOf(account.tenant) }))
  if (fresh.some(({ url }, index) => url !== accounts[index]?.url)) writeDemoAccounts(dataFolder, fresh)
  return fresh
}

/** One account a line. */
function textOf(accounts: readonly DemoAccount[]): string {
  return `[\n${accounts.map((account) => `  ${JSON.stringify(account)}`).join(',\n')}\n]\n`
}
