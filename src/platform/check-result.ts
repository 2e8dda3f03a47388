/**
 * What one check of the installation found. `advice`: what to do about it, empty when nothing is to
 * be done.
 */
export interface CheckResult {
  check: string;
  level: 'ok' | 'warning' | 'problem';
  seen: string;
  advice: string;
}

/** All is as it should be. */
export function ok(check: string, seen: string): CheckResult {
  return { check, level: 'ok', seen, advice: '' };
}

/** It works, but a person should check it. */
export function warning(check: string, seen: string, advice: string): CheckResult {
  return { check, level: 'warning', seen, advice };
}

/** Something does not work, or soon will not. */
export function problem(check: string, seen: string, advice: string): CheckResult {
  return { check, level: 'problem', seen, advice };
}
