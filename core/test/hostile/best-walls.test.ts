import { certifyContained } from './certify-contained.ts'

// With bubblewrap where it is installed, as `.ci/run` does.
certifyContained('the best walls that this machine has', {})
