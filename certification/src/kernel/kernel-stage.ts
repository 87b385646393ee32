import type { PackageSubject } from '../harness/subject.ts'

/** A throw-away platform with the plugin under test installed. */
export interface KernelStage {
  readonly subject: PackageSubject
}
