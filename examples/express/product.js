// @ts-check
import { randomUUID } from 'node:crypto';

/**
 * @typedef {object} User
 * @property {string} id
 * @property {string} email
 * @property {boolean} emailVerified
 * @property {Date} createdAt
 * @property {string | null} stripeCustomerId
 * @property {string} ref the invitation that came with the sign-up, if any
 * @property {string} session
 */

/** The users of the product, in memory: its own sign-up, and its own sessions. */
export class Product {
  /** @type {Map<string, User>} */
  users = new Map();
  /** @type {Map<string, string>} by what they are about, so that none is sent twice */
  notifications = new Map();

  /** @param {string} email @param {string} ref @returns {User} */
  signUp(email, ref) {
    const user = {
      ...{ id: `user-${randomUUID()}`, email, emailVerified: true, createdAt: new Date() },
      ...{ stripeCustomerId: null, ref, session: randomUUID() },
    };
    this.users.set(user.id, user);
    return user;
  }

  /** The user who is signed in. @param {import('express').Request} request @returns {User} */
  userOf(request) {
    const session = cookieOf(request, 'session');
    const user = [...this.users.values()].find((one) => one.session === session);
    if (user === undefined) throw Object.assign(new Error('Sign in first.'), { status: 401, expose: true });
    return user;
  }

  /** @param {string} userId @param {string} about @param {string} text */
  notify(userId, about, text) {
    this.notifications.set(`${userId} ${about}`, text);
  }
}

/** @param {import('express').Request} request @param {string} name */
export function cookieOf(request, name) {
  const cookies = (request.headers.cookie ?? '').split('; ').map((pair) => pair.split('='));
  const [, value = ''] = cookies.find(([key]) => key === name) ?? [];
  try {
    return decodeURIComponent(value);
  } catch {
    return '';
  }
}
