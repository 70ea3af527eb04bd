/** Version of the engine: results are the same for the same scenario, seed and version. */
export const ENGINE_VERSION = '0.1.0'
