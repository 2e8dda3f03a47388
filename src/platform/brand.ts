import type { Config } from './config/config.js';

/** How the product is called, and where its people turn to. */
export type Brand = Pick<
  Config,
  'baseUrl' | 'productName' | 'productUrl' | 'supportEmail' | 'brandLogo' | 'brandColour'
>;

/** The name of a product that has none of its own. */
export const defaultProductName = 'Twofold';

let current: Brand = {
  baseUrl: 'http://localhost',
  productName: defaultProductName,
  productUrl: null,
  supportEmail: null,
  brandLogo: null,
  brandColour: null,
};

/** The brand of this process: pages, emails and texts take it from here. */
export function getBrand(): Brand {
  return current;
}

/** Sets the brand, when a process starts. */
export function setBrand(brand: Brand): void {
  const { baseUrl, productName, productUrl, supportEmail, brandLogo, brandColour } = brand;
  current = { baseUrl, productName, productUrl, supportEmail, brandLogo, brandColour };
}
