/** What can have become of an event, as the inbox stores it. */
export const inboxStatuses = ['accepted', 'applied', 'ignored', 'parked', 'failed', 'dead'] as const;
/** One of {@link inboxStatuses}. */
export type InboxStatus = (typeof inboxStatuses)[number];
