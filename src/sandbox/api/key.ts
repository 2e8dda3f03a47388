import { ApiError } from './errors.js';

/** Refuses a request without a test key, as a bearer token or as the user of basic authentication. *errors* 401 */
export function requireTestKey(authorization: string | undefined): void {
  const key = keyIn(authorization ?? '');
  if (key === '')
    throw new ApiError(
      401,
      'invalid_request_error',
      'You did not provide an API key. Use `Authorization: Bearer sk_test_…`.',
    );
  if (!/^(sk|rk)_test_\w+$/.test(key))
    throw new ApiError(
      401,
      'invalid_request_error',
      'Invalid API Key provided: this sandbox takes keys that begin with sk_test_ only.',
    );
}

function keyIn(authorization: string): string {
  const [scheme = '', credentials = ''] = authorization.split(' ');
  if (scheme.toLowerCase() === 'bearer') return credentials;
  if (scheme.toLowerCase() === 'basic')
    return Buffer.from(credentials, 'base64').toString().split(':')[0] ?? '';
  return '';
}
