/**
 * Jest's preset: `preset: 'redis-memory-cluster'` names setup and teardown in one line. Jest loads both with `require`.
 */
import { fileURLToPath } from 'node:url'

/** The part of Jest's configuration that starts and stops the cluster. */
const preset: { readonly globalSetup: string; readonly globalTeardown: string } = {
  globalSetup: fileURLToPath(new URL('./jest.cjs', import.meta.url)),
  globalTeardown: fileURLToPath(new URL('./jest-teardown.cjs', import.meta.url)),
}

export default preset
