import type { CsrfProtection } from '../../platform/security/csrf-protection.js';
import type { Principal } from '../../platform/security/principal.js';
import type { Viewer } from '../../platform/ui/layout.js';
import { publicName } from '../users/users.repository.js';

/** Who views a page: the name in its head, the role, and the token of the page's forms. */
export function viewerOf(principal: Principal, csrfProtection: CsrfProtection): Viewer {
  const { role } = principal;
  return { label: publicName(principal), role, csrf: csrfProtection.csrfToken(principal) };
}
