/**
 * The characters that the font of the pictures has: Latin, Greek and Cyrillic. No
 * emoji, and no script that is written from right to left.
 */
const drawable =
  /^[ -~\u00a0-\u00ac\u00ae-\u0148\u014a-\u017f\u01cd-\u01dc\u01e6-\u01e7\u0218-\u021b\u02bb\u02bc\u0386\u0388-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce\u0400-\u045f\u0490-\u0493\u049a-\u049d\u04a0-\u04a3\u04ae-\u04b3\u04ba\u04bb\u04d8-\u04db\u04e8\u04e9\u1e80-\u1e85\u1e9e\u1ea0-\u1ef9\u2013\u2014\u2018-\u201a\u201c-\u201e\u2026\u20ac]*$/u;

/** Whether pictures can show a text as it is written. */
export function isDrawable(text: string): boolean {
  return drawable.test(text.normalize('NFC'));
}
