/** Where a request comes from: its address, what the browser calls itself, and the device by its own cookie. */
export interface Client {
  ip: string;
  userAgent: string;
  device: string;
}
