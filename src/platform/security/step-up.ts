import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from './principal.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The page that asks for a code, set by the guard where a form of an old session came. */
    stepUpPage?: string;
  }
}

/**
 * Asks a person in a browser for a code in the middle of what they do. Declared here, implemented
 * by auth, bound by the application.
 */
export abstract class StepUp {
  /**
   * Takes one step: sends a code, or checks the one that came with the form. Answers the principal
   * of a new session once the code was right, else the page that shows what is next. That page
   * holds all fields of the form.
   */
  abstract advance(
    request: FastifyRequest,
    reply: FastifyReply,
    principal: Principal,
  ): Promise<Principal | { page: string }>;
}
