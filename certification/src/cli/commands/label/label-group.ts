import type { CertifyCommand } from '../../certify-command.ts'
import { labelBadge } from './badge.ts'
import { labelBundle } from './bundle.ts'
import { labelRefresh, labelReinstate, labelRevoke, labelSuspend } from './change.ts'
import { labelKeys } from './keys.ts'
import { runLabel, type LabelCommand } from './label-command.ts'
import { labelRoot } from './root.ts'
import { labelShow } from './show.ts'
import { labelSign } from './sign.ts'
import { labelVerify } from './verify.ts'

const LABEL_COMMANDS: readonly LabelCommand[] = [labelKeys, labelRoot, labelSign, labelVerify, labelShow, labelRevoke, labelSuspend, labelReinstate, labelRefresh, labelBundle, labelBadge]

/** `label …`: everything about the label, offline. */
export const labelGroup: CertifyCommand = (program, context, done) => {
  const group = program.command('label').description('make, verify and withdraw labels, offline').helpOption('-h, --help', 'say how to use a command')
  const run = runLabel(context, done)
  for (const command of LABEL_COMMANDS) command(group, context, run)
  for (const command of group.commands) command.option('--json', 'answer with one JSON document').helpOption('-h, --help', 'say how to use this command')
}
