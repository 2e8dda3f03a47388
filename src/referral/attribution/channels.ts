/** The ways that pages offer to share a link; a link says its own with the parameter `c`. */
export const channels = ['whatsapp', 'email', 'telegram', 'x', 'linkedin', 'copy', 'share', 'qr'] as const;

/** A way by which a link was shared; `other`: one that we do not know. */
export type Channel = (typeof channels)[number] | 'other';

/** Every {@link Channel}. */
export const channelNames: readonly Channel[] = [...channels, 'other'];

/** The query parameter of a link that says its channel. */
export const channelParameter = 'c';

/** The channel that a link says; null for one that says none. */
export function parseChannel(value: unknown): Channel | null {
  if (typeof value !== 'string' || value === '') return null;
  return channels.find((channel) => channel === value.toLowerCase()) ?? 'other';
}
