import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from './principal.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The page that asks for a proof, set by the guard where a form of an old session came. */
    stepUpPage?: string;
  }
}

/** A request whose newest proof is older than `minutes`. */
export interface StepUpRequest {
  request: FastifyRequest;
  reply: FastifyReply;
  principal: Principal;
  minutes: number;
}

/**
 * Asks a person in a browser for a code, or their second factor, in the middle of what they do.
 * Declared here, implemented by auth, bound by the application.
 */
export abstract class StepUp {
  /**
   * Takes one step: sends a code, or checks what came with the form. Answers the principal of a
   * new session once it was right, else the page that shows what is next. That page
   * holds all fields of the form.
   */
  abstract advance(step: StepUpRequest): Promise<Principal | { page: string }>;
}
