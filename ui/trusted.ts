/** Addresses of scripts that the page may start: those it was built with. The page's policy lets no other through. */

/** What browsers have that hold scripts to a policy; the compiler does not know it yet. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): URL }
}

const policy = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy(
  'faultline',
  { createScriptURL: ownScript },
)

/** The address of a script of this page, in the form that the browser wants. */
export function scriptUrl(path: string): URL {
  return policy ? policy.createScriptURL(path) : new URL(ownScript(path))
}

function ownScript(path: string): string {
  const { href, origin } = new URL(path, location.href)
  if (origin !== location.origin) throw new TypeError(`${href} is no script of this page.`)
  return href
}
