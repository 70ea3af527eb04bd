/** What `cli/sim.mjs` tells the bundled command line about the world that started it. */
interface FaultlineEnvironment {
  /**
   * The bundled `workers/node-worker.ts`, as a file URL. Stack traces name the TypeScript when it
   * is started as `new Worker(new URL(nodeWorker), { execArgv: ['--enable-source-maps'] })`.
   */
  readonly nodeWorker: string
  /** The folder that holds `package.json`, without a slash at the end. */
  readonly root: string
}

/** Set by `cli/sim.mjs` before it loads `cli/main.ts`; absent in the page and in the tests. */
declare var __faultline: FaultlineEnvironment | undefined
