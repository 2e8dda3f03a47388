import { lookup as resolveAddresses } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { DomainError } from '../../platform/errors.js';
import { isInNetworks, isPublicAddress } from '../../platform/networks.js';

/** As the database has it. */
const maxUrlLength = 2_000;

/** A host has an address that webhooks may not be sent to. */
export class RefusedAddressError extends Error {
  readonly code = 'ADDRESS_REFUSED';

  constructor() {
    super('The host has an address that webhooks may not be sent to');
  }
}

/**
 * Keeps webhooks away from addresses that are not public, unless WEBHOOK_ALLOW_NETWORKS names them.
 * The socket connects to the very addresses that were checked, so an answer of DNS that changes in
 * between makes no difference.
 */
export class AddressGuard {
  constructor(
    private readonly allowedNetworks: readonly string[],
    private readonly resolve: typeof resolveAddresses = resolveAddresses,
  ) {}

  /**
   * The URL as it will be used. Errors: `webhooks.url_refused` for what no DNS answer can make
   * right.
   */
  parseUrl(text: string): URL {
    const url = URL.canParse(text) ? new URL(text) : null;
    if (url === null || !['http:', 'https:'].includes(url.protocol))
      throw new DomainError('webhooks.url_refused');
    if (url.username !== '' || url.password !== '')
      throw new DomainError('webhooks.url_refused', {
        text: { key: 'webhooks.urlRefused.credentials' },
      });
    if (url.protocol === 'http:' && this.allowedNetworks.length === 0)
      throw new DomainError('webhooks.url_refused', {
        text: { key: 'webhooks.urlRefused.plainHttp' },
      });
    if (url.href.length > maxUrlLength)
      throw new DomainError('webhooks.url_refused', {
        text: { key: 'webhooks.urlRefused.length', values: { max: maxUrlLength } },
      });
    if (!this.allowsLiteral(url)) throw new DomainError('webhooks.url_refused');
    return url;
  }

  /** False for a host that is an address and may not be used: no lookup is made for it. */
  allowsLiteral({ hostname, protocol }: URL): boolean {
    const host = hostname.replace(/^\[|\]$/g, '');
    return isIP(host) === 0 || this.allows(host, protocol);
  }

  /**
   * What a socket resolves its host with. Errors: {@link RefusedAddressError} if one of the
   * addresses may not be used.
   */
  lookupFor(protocol: string): LookupFunction {
    return (hostname, options, done) => {
      this.resolve(hostname, { ...options, all: true }, (error, addresses) => {
        if (error !== null) return done(error, []);
        const [first] = addresses;
        if (first === undefined || !addresses.every(({ address }) => this.allows(address, protocol)))
          return done(new RefusedAddressError(), []);
        if (options.all === true) return done(null, addresses);
        done(null, first.address, first.family);
      });
    };
  }

  private allows(address: string, protocol: string): boolean {
    if (isInNetworks(address, this.allowedNetworks)) return true;
    return protocol === 'https:' && isPublicAddress(address);
  }
}
