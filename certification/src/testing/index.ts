/** The test kit: boots the real kernel on temporary data for the tests of a plugin. */
export { startCuttableWay, type CuttableWay } from '@liberacces/core'
export { openLasting, prepareFolder } from './lasting-platform.ts'
export { TestClient, type TestAnswer, type TestRequest } from './test-client.ts'
export { TEST_START, testOutside, type CaughtRequest, type TestOutside } from './test-clock.ts'
export { startTestPlatform, type TestPlatform, type TestPlatformOptions, type TestTenant } from './test-platform.ts'
