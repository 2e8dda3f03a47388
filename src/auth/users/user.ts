import { maskEmail, type EmailAddress } from '../../platform/email-address.js';
import type { Role } from '../../platform/security/principal.js';

/** A person who proved an e-mail address and was not erased since. */
export interface User {
  id: string;
  email: EmailAddress;
  displayName: string | null;
  locale: string;
  timeZone: string;
  role: Role;
  createdAt: Date;
}

/** How others see a user: by the name they chose, else by their masked address. */
export function publicName(user: Pick<User, 'displayName' | 'email'>): string {
  return user.displayName ?? maskEmail(user.email);
}
