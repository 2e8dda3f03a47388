import type { FastifyRequest } from 'fastify';

/** Whether a person is looking: a browser asks for a page, outside of what programs call. */
export function wantsHtml(request: FastifyRequest): boolean {
  if (/^\/(api|mcp|webhooks|health|metrics)(\/|$|\?)/.test(request.url)) return false;
  return request.headers.accept?.includes('text/html') ?? false;
}
