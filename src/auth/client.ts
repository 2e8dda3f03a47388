/** Where a request comes from: its address, what the browser calls itself, the device by its own cookie, and its session. */
export interface Client {
  ip: string;
  userAgent: string;
  device: string;
  /** The token of the session that this browser has; a new sign-in takes its place. */
  replaces?: string | null;
}
