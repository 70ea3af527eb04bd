/** The Content-Security-Policy of the built page: it runs what came with it, and talks to nobody else. */

/** Directives for whoever sends headers, or writes them into the page. */
export const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types faultline',
].join('; ')

/** What a server that can send headers sends with every file: the policy, and what only a header can say. */
export const headers = {
  'Content-Security-Policy': `${policy}; frame-ancestors 'none'`,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
}

/**
 * Sends the headers of the preview server also where it only says that a file has not changed: WebKit starts no worker
 * from its cache without them.
 *
 * @returns {import('vite').Plugin}
 */
export function headersAlways() {
  return {
    name: 'faultline-headers',
    configurePreviewServer({ middlewares, config }) {
      middlewares.use((_request, response, next) => {
        for (const [name, value] of Object.entries(config.preview.headers ?? {}))
          if (value !== undefined) response.setHeader(name, value)
        next()
      })
    },
  }
}

/**
 * Writes the policy into the page, before anything that it is about, so that every static host has it.
 *
 * @returns {import('vite').Plugin}
 */
export function contentSecurityPolicy() {
  return {
    name: 'faultline-policy',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler() {
        const attrs = { 'http-equiv': 'Content-Security-Policy', content: policy }
        return [{ tag: 'meta', attrs, injectTo: 'head-prepend' }]
      },
    },
  }
}
